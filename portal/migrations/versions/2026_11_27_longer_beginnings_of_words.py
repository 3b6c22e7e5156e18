"""The desk's search on SQLite keeps beginnings of up to eight letters at hand."""

from alembic import op

from portal.cases import case_words

revision = "b91c5d7e2a40"
down_revision = "e2b7a4c80f15"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    table = case_words.TABLE
    op.execute(f"ALTER TABLE {table} RENAME TO {table}_before")
    for statement in case_words.SCHEMA["sqlite"]:
        op.execute(statement)
    op.execute(f"INSERT INTO {table} (rowid, words) SELECT rowid, words FROM {table}_before")  # noqa: S608
    op.execute(f"DROP TABLE {table}_before")


def downgrade() -> None:
    """What went before reads this index just as well."""
