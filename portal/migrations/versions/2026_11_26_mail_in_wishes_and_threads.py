"""mail in, wishes and threads."""

import sqlalchemy as sa
from alembic import op

from portal.database import UtcDateTime

revision = "0686a466d175"
down_revision = "01c741b92e99"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_choice",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column(
            "wish",
            sa.Enum("at_once", "daily", "never", name="wish", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address", "scope", name=op.f("pk_mail_choice")),
    )
    op.create_table(
        "mail_way",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("worked_at", UtcDateTime(), nullable=True),
        sa.Column("failing_since", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mail_way")),
    )
    op.create_table(
        "digest_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("happened_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_digest_entry_case_id_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_entry")),
    )
    with op.batch_alter_table("digest_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_digest_entry_due_at"), ["due_at"], unique=False)

    op.create_table(
        "incoming_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("envelope_sender", sa.String(), nullable=True),
        sa.Column("arrived_at", UtcDateTime(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("identity", sa.String(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "taken",
                "ignored",
                "quarantined",
                "dismissed",
                name="inboxstatus",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum("", "case", "reply", "bounce", name="outcome", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("is_released", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("handled_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_incoming_mail_case_id_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_mail")),
        sa.UniqueConstraint("identity", name=op.f("uq_incoming_mail_identity")),
    )
    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.create_index(
            "ix_incoming_mail_case_id_sender", ["case_id", "sender"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_incoming_mail_content_hash"), ["content_hash"], unique=False
        )
        batch_op.create_index(
            "ix_incoming_mail_status_next_try_at", ["status", "next_try_at"], unique=False
        )

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("folded", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("channel", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("thread", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("reply_to", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("stop_url", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("outgoing_mail", schema=None) as batch_op:
        batch_op.drop_column("stop_url")
        batch_op.drop_column("reply_to")
        batch_op.drop_column("thread")

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("channel")
        batch_op.drop_column("folded")

    with op.batch_alter_table("incoming_mail", schema=None) as batch_op:
        batch_op.drop_index("ix_incoming_mail_status_next_try_at")
        batch_op.drop_index(batch_op.f("ix_incoming_mail_content_hash"))
        batch_op.drop_index("ix_incoming_mail_case_id_sender")

    op.drop_table("incoming_mail")
    with op.batch_alter_table("digest_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_digest_entry_due_at"))

    op.drop_table("digest_entry")
    op.drop_table("mail_way")
    op.drop_table("mail_choice")
