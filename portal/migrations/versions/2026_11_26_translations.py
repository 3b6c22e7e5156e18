"""Articles in several languages: which language, of which article, and of which version of it."""

import sqlalchemy as sa
from alembic import op

revision = "7d1e0c94ab52"
down_revision = "a09d0ee44e96"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("translation_of_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("translated_version_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_article_translation_of_id_article"),
            "article",
            ["translation_of_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_article_translated_version_id_article_version"),
            "article_version",
            ["translated_version_id"],
            ["id"],
            use_alter=True,
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_article_translation_of_id_language"), ["translation_of_id", "language"]
        )
        batch_op.create_index(batch_op.f("ix_article_translation_of_id"), ["translation_of_id"])


def downgrade() -> None:
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_article_translation_of_id"))
        batch_op.drop_constraint(
            batch_op.f("uq_article_translation_of_id_language"), type_="unique"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_article_translated_version_id_article_version"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_article_translation_of_id_article"), type_="foreignkey"
        )
        batch_op.drop_column("translated_version_id")
        batch_op.drop_column("translation_of_id")
        batch_op.drop_column("language")
