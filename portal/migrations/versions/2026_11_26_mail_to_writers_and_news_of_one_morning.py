"""Mail to writers, news that wait for the morning, announcements that wait for publication, and the
last common version of each category and its file.
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "c7c9129352d1"
down_revision = "7d1e0c94ab52"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category_source",
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_category_source_category_id_category"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("category_id", "source", name=op.f("pk_category_source")),
    )
    op.create_table(
        "overdue_told",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("told_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_overdue_told_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_overdue_told_person_id_person")
        ),
        sa.PrimaryKeyConstraint("article_id", "due_on", "person_id", name=op.f("pk_overdue_told")),
    )
    op.create_table(
        "news_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("known_issue_id", sa.Integer(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_news_entry_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["known_issue_id"],
            ["known_issue.id"],
            name=op.f("fk_news_entry_known_issue_id_known_issue"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_news_entry_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news_entry")),
    )
    with op.batch_alter_table("news_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_news_entry_due_at"), ["due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_news_entry_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.alter_column("announced_at", existing_type=UtcDateTime(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM announcement WHERE announced_at IS NULL")
    with op.batch_alter_table("announcement", schema=None) as batch_op:
        batch_op.alter_column("announced_at", existing_type=UtcDateTime(), nullable=False)

    with op.batch_alter_table("news_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_news_entry_person_id"))
        batch_op.drop_index(batch_op.f("ix_news_entry_due_at"))

    op.drop_table("news_entry")
    op.drop_table("overdue_told")
    op.drop_table("category_source")
