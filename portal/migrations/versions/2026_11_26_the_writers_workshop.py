"""The writers' workshop: next versions, reviews, unsaved texts, golden queries."""

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "2ad8ff06c5f3"
down_revision = "5c07e1d5a2f4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_draft",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("images", sa.JSON(), nullable=False),
        sa.Column("typed_at", UtcDateTime(), nullable=True),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_article_draft_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_article_draft_person_id_person")
        ),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_article_draft")),
    )
    with op.batch_alter_table("article_draft", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_article_draft_article_id"), ["article_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_article_draft_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "golden_query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_golden_query_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_golden_query_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_golden_query")),
        sa.UniqueConstraint("words", "article_id", name=op.f("uq_golden_query_words_article_id")),
    )
    with op.batch_alter_table("golden_query", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_golden_query_article_id"), ["article_id"], unique=False
        )

    op.create_table(
        "next_version",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column(
            "stage",
            sa.Enum(
                "writing",
                "in_review",
                "sent_back",
                "approved",
                "scheduled",
                name="stage",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("scheduled_by_id", sa.Integer(), nullable=True),
        sa.Column("publish_at", UtcDateTime(), nullable=True),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_next_version_approved_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_next_version_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_next_version_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["scheduled_by_id"], ["person.id"], name=op.f("fk_next_version_scheduled_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["article_version.id"],
            name=op.f("fk_next_version_version_id_article_version"),
        ),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_next_version")),
    )
    with op.batch_alter_table("next_version", schema=None) as batch_op:
        batch_op.create_index("ix_next_version_publish_at", ["publish_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_next_version_stage"), ["stage"], unique=False)

    op.create_table(
        "review_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_review_remark_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["person.id"], name=op.f("fk_review_remark_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["person.id"], name=op.f("fk_review_remark_settled_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["article_version.id"],
            name=op.f("fk_review_remark_version_id_article_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_remark")),
    )
    with op.batch_alter_table("review_remark", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_review_remark_article_id"), ["article_id"], unique=False
        )

    with op.batch_alter_table("article_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waiting_facts", sa.JSON(none_as_null=True), nullable=True))

    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("needs_approval", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("review_every_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.drop_column("review_every_days")
        batch_op.drop_column("needs_approval")

    with op.batch_alter_table("article_version", schema=None) as batch_op:
        batch_op.drop_column("waiting_facts")

    with op.batch_alter_table("review_remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_remark_article_id"))

    op.drop_table("review_remark")
    with op.batch_alter_table("next_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_next_version_stage"))
        batch_op.drop_index("ix_next_version_publish_at")

    op.drop_table("next_version")
    with op.batch_alter_table("golden_query", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_golden_query_article_id"))

    op.drop_table("golden_query")
    with op.batch_alter_table("article_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_draft_seen_at"))
        batch_op.drop_index(batch_op.f("ix_article_draft_article_id"))

    op.drop_table("article_draft")
