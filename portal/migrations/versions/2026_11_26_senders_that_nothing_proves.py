"""senders that nothing proves."""

import sqlalchemy as sa
from alembic import op

revision = "5c07e1d5a2f4"
down_revision = "1ccff38da694"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("is_sender_proven", sa.Boolean(), nullable=False, server_default=sa.true())
        )


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("is_sender_proven")
