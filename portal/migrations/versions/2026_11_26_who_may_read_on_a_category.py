"""Who may read on a category: everybody, until a writer says otherwise."""

import sqlalchemy as sa
from alembic import op

revision = "78e9a28d8895"
down_revision = "2ad8ff06c5f3"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "category_organisation",
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("fk_category_organisation_category_id_category"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_category_organisation_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint(
            "category_id", "organisation_id", name=op.f("pk_category_organisation")
        ),
    )
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "audience",
                sa.Enum(
                    "public",
                    "customers",
                    "organisations",
                    "staff",
                    name="audience",
                    native_enum=False,
                    length=40,
                ),
                nullable=False,
                server_default="public",
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.drop_column("audience")

    op.drop_table("category_organisation")
