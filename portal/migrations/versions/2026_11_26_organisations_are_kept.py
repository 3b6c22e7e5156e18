"""Organisations are kept on pages: what ended, what was confirmed, who asked for an account."""

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "90a1213b4769"
down_revision = "000000000001"
branch_labels = None
depends_on = None

OUTCOMES = ("pending", "approved", "refused")


def upgrade() -> None:
    op.create_table(
        "account_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*OUTCOMES, name="outcome", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name="fk_account_request_asked_by_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name="fk_account_request_decided_by_id_person"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name="fk_account_request_organisation_id_organisation",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_account_request"),
    )
    op.create_index("ix_account_request_outcome", "account_request", ["outcome"])
    with op.batch_alter_table("contract") as contract:
        contract.add_column(
            sa.Column("entitlements", sa.JSON(), nullable=False, server_default="[]")
        )
        contract.add_column(sa.Column("ended_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("installation") as installation:
        installation.add_column(sa.Column("confirmed_at", UtcDateTime(), nullable=True))
        installation.add_column(sa.Column("ended_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("organisation") as organisation:
        organisation.add_column(sa.Column("ended_at", UtcDateTime(), nullable=True))
    with op.batch_alter_table("person") as person:
        person.add_column(
            sa.Column(
                "is_organisation_manager", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )
    with op.batch_alter_table("event") as event:
        event.add_column(sa.Column("organisation_id", sa.Integer(), nullable=True))
        event.create_index("ix_event_organisation_id_id", ["organisation_id", "id"])
        event.create_index("ix_event_person_id_id", ["person_id", "id"])
        event.create_foreign_key(
            "fk_event_organisation_id_organisation", "organisation", ["organisation_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("event") as event:
        event.drop_constraint("fk_event_organisation_id_organisation", type_="foreignkey")
        event.drop_index("ix_event_person_id_id")
        event.drop_index("ix_event_organisation_id_id")
        event.drop_column("organisation_id")
    with op.batch_alter_table("person") as person:
        person.drop_column("is_organisation_manager")
    with op.batch_alter_table("organisation") as organisation:
        organisation.drop_column("ended_at")
    with op.batch_alter_table("installation") as installation:
        installation.drop_column("ended_at")
        installation.drop_column("confirmed_at")
    with op.batch_alter_table("contract") as contract:
        contract.drop_column("ended_at")
        contract.drop_column("entitlements")
    op.drop_index("ix_account_request_outcome", "account_request")
    op.drop_table("account_request")
