"""A real Dovecot on loopback, in a folder of its own, run by whoever runs the tests."""

import grp
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port

USER, PASSWORD = "support", "open-sesame"
_START_SECONDS = 120

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {me}
default_internal_group = {group}
default_login_user = {me}
first_valid_uid = 1
mail_location = maildir:{folder}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """Where it listens, and the folder in which mail is put."""

    port: int
    inbox: Path
    taken: Path

    def put(self, name: str, raw: bytes) -> None:
        """A mail arrives in the mailbox."""
        (self.inbox / "tmp" / name).write_bytes(raw)
        (self.inbox / "tmp" / name).rename(self.inbox / "new" / name)

    def waiting(self) -> int:
        return sum(1 for part in ("new", "cur") for _ in (self.inbox / part).iterdir())

    def set_aside(self) -> int:
        return len([*self.taken.glob("new/*"), *self.taken.glob("cur/*")])


def is_installed() -> bool:
    return shutil.which("dovecot") is not None and Path("/usr/lib/dovecot/imap").exists()


@contextmanager
def dovecot(folder: Path, port: int | None = None) -> Iterator[Dovecot]:
    """A server with one empty mailbox, for as long as the block lasts."""
    port = port or free_port()
    me = pwd.getpwuid(os.getuid())
    owner = pwd.getpwnam("nobody") if me.pw_uid == 0 else me  # Dovecot does nothing as root
    inbox = folder / "mail"
    for part in ("run", "state", "home", "mail/new", "mail/cur", "mail/tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    if owner is not me:
        _give(folder, owner)
    file = folder / "dovecot.conf"
    file.write_text(
        _CONFIGURATION.format(
            folder=folder,
            me=owner.pw_name,
            group=grp.getgrgid(owner.pw_gid).gr_name,
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            password=PASSWORD,
            port=port,
        )
    )
    process = subprocess.Popen(["dovecot", "-F", "-c", str(file)], stderr=subprocess.DEVNULL)
    try:
        _wait(port, folder / "log")
        yield Dovecot(port, inbox, folder / "mail" / ".Taken")
    finally:
        process.terminate()
        process.wait(timeout=120)


def _give(folder: Path, owner: pwd.struct_passwd) -> None:
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, owner.pw_uid, owner.pw_gid)
    for parent in folder.parents[:4]:
        if parent.stat().st_uid == 0 and str(parent).startswith("/tmp/"):
            parent.chmod(parent.stat().st_mode | 0o011)


def _wait(port: int, log: Path) -> None:
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"dovecot did not start: {log.read_text() if log.exists() else ''}")
