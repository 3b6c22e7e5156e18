"""The writers' work list, and questions that lead to an article."""

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "5be93be2b4eb"
down_revision = "c288d4360161"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "direction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_direction_article_id_article")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_direction")),
        sa.UniqueConstraint("words", name=op.f("uq_direction_words")),
    )
    with op.batch_alter_table("direction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_direction_article_id"), ["article_id"], unique=False)

    op.create_table(
        "work_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "failed",
                "unopened",
                "filed",
                "not_helping",
                "shown",
                "overdue",
                name="worklist",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("open", "done", "dismissed", name="workstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("recent", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_id"], ["article.id"], name=op.f("fk_work_item_answer_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_work_item_article_id_article")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["article_version.id"],
            name=op.f("fk_work_item_version_id_article_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_item")),
        sa.UniqueConstraint("key", name=op.f("uq_work_item_key")),
    )
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_work_item_article_id"), ["article_id"], unique=False)
        batch_op.create_index("ix_work_item_state_kind", ["state", "kind"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("work_item", schema=None) as batch_op:
        batch_op.drop_index("ix_work_item_state_kind")
        batch_op.drop_index(batch_op.f("ix_work_item_article_id"))

    op.drop_table("work_item")
    with op.batch_alter_table("direction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_direction_article_id"))

    op.drop_table("direction")
