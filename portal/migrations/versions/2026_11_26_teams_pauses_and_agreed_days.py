"""Teams and routes, pauses with a reason, closing by itself, agreed days.

A case that was solved before gets the date on which it closes by itself.
"""

from datetime import timedelta

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "01c741b92e99"
down_revision = "90a1213b4769"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("name", name=op.f("uq_team_name")),
    )
    op.create_table(
        "route",
        sa.Column("request_kind", sa.String(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_route_team_id_team")),
        sa.PrimaryKeyConstraint("request_kind", name=op.f("pk_route")),
    )
    op.create_table(
        "escalation_listener",
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_escalation_listener_person_id_person")
        ),
        sa.PrimaryKeyConstraint("level", "person_id", name=op.f("pk_escalation_listener")),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_team_member_person_id_person")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_team_member_team_id_team")),
        sa.PrimaryKeyConstraint("team_id", "person_id", name=op.f("pk_team_member")),
    )
    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_team_member_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalation_answer_due_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("team_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("pause_reason", sa.String(), server_default="", nullable=False)
        )
        batch_op.add_column(sa.Column("paused_for", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("resumes_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("closes_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("close_reminder_at", UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("scheduled_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("proposed_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "is_customers_proposal", sa.Boolean(), server_default=sa.false(), nullable=False
            )
        )
        batch_op.create_index(batch_op.f("ix_case_team_id"), ["team_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_case_team_id_team"), "team", ["team_id"], ["id"])
    _close_what_was_solved()


def _close_what_was_solved() -> None:
    """By the rule until now: after a week, reminded two days before."""
    case = sa.table(
        "case",
        sa.column("id", sa.Integer()),
        sa.column("status", sa.String()),
        *(
            sa.column(name, UtcDateTime())
            for name in ("solved_at", "closes_at", "close_reminder_at", "wakes_at")
        ),
    )
    connection = op.get_bind()
    solved = sa.select(case.c.id, case.c.solved_at).where(case.c.status == "solved")
    for case_id, solved_at in connection.execute(solved).all():
        reminder_at = solved_at + timedelta(days=5)
        connection.execute(
            case.update()
            .where(case.c.id == case_id)
            .values(
                closes_at=solved_at + timedelta(days=7),
                close_reminder_at=reminder_at,
                wakes_at=reminder_at,
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_case_team_id_team"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_case_team_id"))
        batch_op.drop_column("is_customers_proposal")
        batch_op.drop_column("proposed_on")
        batch_op.drop_column("scheduled_on")
        batch_op.drop_column("close_reminder_at")
        batch_op.drop_column("closes_at")
        batch_op.drop_column("resumes_at")
        batch_op.drop_column("paused_for")
        batch_op.drop_column("pause_reason")
        batch_op.drop_column("team_id")
        batch_op.drop_column("escalation_answer_due_at")

    with op.batch_alter_table("team_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_team_member_person_id"))

    op.drop_table("team_member")
    op.drop_table("escalation_listener")
    op.drop_table("route")
    op.drop_table("team")
