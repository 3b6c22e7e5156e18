"""News of releases: announcements, who was told, and who asked for news."""

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "a09d0ee44e96"
down_revision = "029503b9a69f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("plans", sa.JSON(), nullable=False),
        sa.Column("announced_at", UtcDateTime(), nullable=False),
        sa.Column("announced_by", sa.String(), nullable=False),
        sa.Column("all_told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_announcement_article_id_article")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("article_id", name=op.f("uq_announcement_article_id")),
    )
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_announcement_all_told_at"), ["all_told_at"], unique=False
        )

    op.create_table(
        "news_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_news_subscription_category_id_category")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_news_subscription_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_subscription")),
    )
    with op.batch_alter_table("news_subscription", schema=None) as batch_op:
        batch_op.create_index("ix_news_subscription_person_id", ["person_id"], unique=False)

    op.create_table(
        "announcement_told",
        sa.Column("announcement_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_told_announcement_id_announcement"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_announcement_told_person_id_person")
        ),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name=op.f("pk_announcement_told")),
    )


def downgrade() -> None:
    op.drop_table("announcement_told")
    with op.batch_alter_table("news_subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_news_subscription_person_id")

    op.drop_table("news_subscription")
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_announcement_all_told_at"))

    op.drop_table("announcement")
