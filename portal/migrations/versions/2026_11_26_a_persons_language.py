"""The language that a person reads in, and the one that a case was written in."""

import sqlalchemy as sa
from alembic import op

revision = "e2b7a4c80f15"
down_revision = "4f0d9be2c671"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("language", sa.String(), nullable=True))
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_language", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_column("contact_language")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("language")
