"""The desk: saved views, canned answers, presence, changes of many cases, and the words of cases.

The words are read from the cases that are there already.
"""

import sqlalchemy as sa
from alembic import op

from portal.cases import case_words
from portal.database import UtcDateTime

revision = "2d5ad3b126fc"
down_revision = "0686a466d175"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.Column("refused", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_bulk_change_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bulk_change_public_id")),
    )
    op.create_table(
        "canned_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["person.id"], name=op.f("fk_canned_answer_updated_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_answer")),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["person.id"], name=op.f("fk_saved_view_owner_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "case_presence",
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_replying", sa.Boolean(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_case_presence_case_id_case"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_case_presence_person_id_person")
        ),
        sa.PrimaryKeyConstraint("case_id", "person_id", name=op.f("pk_case_presence")),
    )
    with op.batch_alter_table("case_presence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_presence_seen_at"), ["seen_at"], unique=False)

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("has_shortcuts", sa.Boolean(), server_default=sa.true(), nullable=False)
        )

    for statement in case_words.SCHEMA[op.get_bind().dialect.name]:
        op.execute(statement)
    case_words.rebuild(op.get_bind())


def downgrade() -> None:
    op.drop_table(case_words.TABLE)
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("has_shortcuts")

    with op.batch_alter_table("case_presence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_presence_seen_at"))

    op.drop_table("case_presence")
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_view_owner_id"))

    op.drop_table("saved_view")
    op.drop_table("canned_answer")
    op.drop_table("bulk_change")
