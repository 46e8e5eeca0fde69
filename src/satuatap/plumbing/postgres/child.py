"""Become PostgreSQL: the few steps between fork and exec, in a process of their own.

Run by path, standard library only:  python -I -S child.py HOW PARENT PROGRAM ARGUMENTS...
HOW is how to be somebody else than root, which PostgreSQL refuses to be:
``as-is``      an ordinary user: nothing to do;
``namespace``  a user namespace in which this root has an unprivileged number: nothing on disk changes;
``nobody``     drop to the user ``nobody`` and keep only the right to read and search folders, so that a
               virtual environment in root's private home can be read (containers that forbid namespaces).
Exit code 97: this HOW is not possible here.
"""

import ctypes
import os
import signal
import struct
import sys

NOT_POSSIBLE = 97
INSIDE_ID = 1000
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CLONE_NEWUSER = 0x10000000
CAP_DAC_READ_SEARCH = 2
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


def enter_namespace() -> None:
    """Root outside is user 1000 inside; files keep their owner."""
    uid, gid = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{INSIDE_ID} {uid} 1"),
        ("gid_map", f"{INSIDE_ID} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)


def become_nobody() -> None:
    """Drop to nobody for good, with the one capability that lets it reach its files."""
    import pwd  # standard library, needed by this way only

    nobody = pwd.getpwnam("nobody")
    libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setresgid(nobody.pw_gid, nobody.pw_gid, nobody.pw_gid)
    os.setresuid(nobody.pw_uid, nobody.pw_uid, nobody.pw_uid)
    mask = 1 << CAP_DAC_READ_SEARCH
    header = struct.pack("Ii", CAPABILITY_VERSION_3, 0)
    sets = struct.pack("6I", mask, mask, mask, 0, 0, 0)  # effective, permitted, inheritable; low and high words
    if libc.capset(header, sets) == 0:
        libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_READ_SEARCH, 0, 0)


def main() -> None:
    how, parent, program, arguments = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    try:
        if how == "namespace":
            enter_namespace()
        elif how == "nobody":
            become_nobody()
    except (OSError, KeyError) as problem:
        print(f"{how}: {problem}", file=sys.stderr)
        sys.exit(NOT_POSSIBLE)
    # After every change of identity, which would clear it: a fast shutdown when the launcher dies, even by kill -9.
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(0)  # it died in between
    os.setsid()  # Ctrl-C at the terminal is the launcher's to hear: it ends PostgreSQL last
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    os.umask(0o077)
    os.execv(program, [program, *arguments])  # noqa: S606


if __name__ == "__main__":
    main()
