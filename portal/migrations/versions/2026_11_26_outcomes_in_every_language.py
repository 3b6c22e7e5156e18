"""What closed an item of the work list is kept with its values, to be said in any language."""

import sqlalchemy as sa
from alembic import op

revision = "4f0d9be2c671"
down_revision = "c7c9129352d1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("work_item", sa.Column("outcome_values", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("work_item", "outcome_values")
