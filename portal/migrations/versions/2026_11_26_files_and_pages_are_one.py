"""The last common version of each article and its file, by folder.

What was imported before is kept as the common version of every folder; what the portal held then
isn't known.
"""

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "5b8f0c2d7a41"
down_revision = "5be93be2b4eb"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_source",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(), nullable=False),
        sa.Column("article_hash", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["article.id"],
            name=op.f("fk_article_source_article_id_article"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("article_id", "source", name=op.f("pk_article_source")),
    )
    op.execute(
        "INSERT INTO article_source (article_id, source, path, file_hash, article_hash, at) "
        "SELECT id, '', '', imported_hash, '', updated_at FROM article WHERE imported_hash <> ''"
    )
    op.drop_column("article", "imported_hash")


def downgrade() -> None:
    op.add_column(
        "article", sa.Column("imported_hash", sa.String(), nullable=False, server_default="")
    )
    op.execute(
        "UPDATE article SET imported_hash = coalesce((SELECT max(file_hash) FROM article_source "
        "WHERE article_source.article_id = article.id), '')"
    )
    op.drop_table("article_source")
