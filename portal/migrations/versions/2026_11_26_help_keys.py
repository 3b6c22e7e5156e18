"""Help keys, and how often products asked for them."""

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "1ccff38da694"
down_revision = "5b8f0c2d7a41"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "help_key_day",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", "product", "version", "day", name=op.f("pk_help_key_day")),
    )
    op.create_table(
        "help_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_help_key_article_id_article")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_key")),
        sa.UniqueConstraint(
            "key", "product", "version", name=op.f("uq_help_key_key_product_version")
        ),
    )
    with op.batch_alter_table("help_key", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_help_key_article_id"), ["article_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("help_key", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_help_key_article_id"))

    op.drop_table("help_key")
    op.drop_table("help_key_day")
