"""Cases and issues that belong together; an incident becomes a known issue."""

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "c288d4360161"
down_revision = "2d5ad3b126fc"
branch_labels = None
depends_on = None

_KEEP_INCIDENTS = """
INSERT INTO known_issue (id, title, text, article_id, status, is_on_bar, is_announced, fixed_in,
    posted_at, updated_at, fixed_at, ended_at, all_told_at)
SELECT id, title, text, article_id,
    CASE WHEN ended_at IS NULL THEN 'investigating' ELSE 'fixed' END, TRUE, FALSE, '',
    posted_at, updated_at, ended_at, ended_at, ended_at
FROM incident
"""
_GIVE_INCIDENTS_BACK = """
INSERT INTO incident (id, title, text, article_id, posted_at, updated_at, ended_at)
SELECT id, title, text, article_id, posted_at, updated_at, ended_at FROM known_issue
"""
_NEXT_ID = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT max(id) FROM {0}))"
_NOTE_FOLLOW_UPS = """
UPDATE "case" SET is_linked = TRUE
WHERE follows_id IS NOT NULL OR id IN (SELECT follows_id FROM "case" WHERE follows_id IS NOT NULL)
"""


def _count_on(table: str) -> None:
    """Copied ids don't move PostgreSQL's own count."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_NEXT_ID.format(table))


def upgrade() -> None:
    op.create_table(
        "known_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "investigating",
                "workaround",
                "fixed",
                name="issuestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_on_bar", sa.Boolean(), nullable=False),
        sa.Column("is_announced", sa.Boolean(), nullable=False),
        sa.Column("fixed_in", sa.String(), nullable=False),
        sa.Column("posted_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("fixed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("all_told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_known_issue_article_id_article")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_issue")),
    )
    with op.batch_alter_table("known_issue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_issue_article_id"), ["article_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_known_issue_ended_at"), ["ended_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_known_issue_fixed_at"), ["fixed_at"], unique=False)

    op.create_table(
        "issue_subscription",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("known_issue_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("told_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["known_issue_id"],
            ["known_issue.id"],
            name=op.f("fk_issue_subscription_known_issue_id_known_issue"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_issue_subscription_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_subscription")),
        sa.UniqueConstraint(
            "known_issue_id", "email", name=op.f("uq_issue_subscription_known_issue_id_email")
        ),
    )
    with op.batch_alter_table("issue_subscription", schema=None) as batch_op:
        batch_op.create_index(
            "ix_issue_subscription_told_at", ["known_issue_id", "told_at"], unique=False
        )

    op.create_table(
        "case_follower",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_case_follower_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_case_follower_person_id_person")
        ),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_case_follower")),
    )
    with op.batch_alter_table("case_follower", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_follower_person_id"), ["person_id"], unique=False)

    op.create_table(
        "case_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "related",
                "caused_by",
                "continues",
                "duplicate",
                "part_of",
                name="linkkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_link_case_id_case")),
        sa.ForeignKeyConstraint(["other_id"], ["case.id"], name=op.f("fk_case_link_other_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
        sa.UniqueConstraint("case_id", "other_id", name=op.f("uq_case_link_case_id_other_id")),
    )
    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_link_other_id"), ["other_id"], unique=False)

    op.create_table(
        "case_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("duplicate_id", sa.Integer(), nullable=False),
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "status_before",
            sa.Enum(
                "held",
                "received",
                "in_progress",
                "waiting_for_customer",
                "solved",
                "closed",
                name="casestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "survivor_status",
            sa.Enum(
                "held",
                "received",
                "in_progress",
                "waiting_for_customer",
                "solved",
                "closed",
                name="casestatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("new_followers", sa.JSON(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_event_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["duplicate_id"], ["case.id"], name=op.f("fk_case_merge_duplicate_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["survivor_id"], ["case.id"], name=op.f("fk_case_merge_survivor_id_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_merge")),
    )
    with op.batch_alter_table("case_merge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_case_merge_duplicate_id"), ["duplicate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_case_merge_survivor_id"), ["survivor_id"], unique=False
        )

    op.execute(_KEEP_INCIDENTS)
    _count_on("known_issue")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_ended_at"))

    op.drop_table("incident")
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("is_linked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.add_column(sa.Column("known_issue_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("issue_told_at", UtcDateTime(), nullable=True))
        batch_op.create_index(batch_op.f("ix_case_follows_id"), ["follows_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_case_known_issue_id"), ["known_issue_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_case_merged_into_id"), ["merged_into_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_case_known_issue_id_known_issue"),
            "known_issue",
            ["known_issue_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_case_merged_into_id_case"), "case", ["merged_into_id"], ["id"]
        )

    op.execute(_NOTE_FOLLOW_UPS)


def downgrade() -> None:
    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_case_merged_into_id_case"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_case_known_issue_id_known_issue"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_case_merged_into_id"))
        batch_op.drop_index(batch_op.f("ix_case_known_issue_id"))
        batch_op.drop_index(batch_op.f("ix_case_follows_id"))
        batch_op.drop_column("issue_told_at")
        batch_op.drop_column("known_issue_id")
        batch_op.drop_column("is_linked")
        batch_op.drop_column("merged_into_id")

    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("posted_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name=op.f("fk_incident_article_id_article")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_ended_at"), ["ended_at"], unique=False)

    op.execute(_GIVE_INCIDENTS_BACK)
    _count_on("incident")
    with op.batch_alter_table("case_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_merge_survivor_id"))
        batch_op.drop_index(batch_op.f("ix_case_merge_duplicate_id"))

    op.drop_table("case_merge")
    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_link_other_id"))

    op.drop_table("case_link")
    with op.batch_alter_table("case_follower", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_follower_person_id"))

    op.drop_table("case_follower")
    with op.batch_alter_table("issue_subscription", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_subscription_told_at")

    op.drop_table("issue_subscription")
    with op.batch_alter_table("known_issue", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_issue_fixed_at"))
        batch_op.drop_index(batch_op.f("ix_known_issue_ended_at"))
        batch_op.drop_index(batch_op.f("ix_known_issue_article_id"))

    op.drop_table("known_issue")
