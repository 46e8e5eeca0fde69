"""Every write of people: agencies, accounts, grants, devices, sessions, second factors, PINs, locks."""

from satuatap.features.people.actions.accounts import (
    block_account,
    change_own_language,
    choose_password,
    forget_account,
    note_account_copy,
    open_account,
    set_password,
    unblock_account,
)
from satuatap.features.people.actions.agencies import AgencyRow, Change, put_agencies
from satuatap.features.people.actions.devices import give_device_secret, unblock_device
from satuatap.features.people.actions.factors import (
    add_passkey,
    add_totp,
    drop_factor,
    factor_keys,
    make_recovery_codes,
    reseal_factors,
    reset_factors,
    use_code,
)
from satuatap.features.people.actions.grants import end_grant, grant_role
from satuatap.features.people.actions.locks import lift_locks, link_city, note_lock, put_city_login
from satuatap.features.people.actions.pins import SharedPc, drop_pin, set_pin, take_over
from satuatap.features.people.actions.sessions import (
    Opening,
    end_other_sessions,
    end_session,
    forget_ended_sessions,
    move_session,
    open_session,
    touch_session,
)
from satuatap.features.people.actions.staff import StaffChange, StaffRow, put_staff
from satuatap.features.people.actions.tries import KEPT_S, count_try, drop_tries, forget_tries, uncount_try
from satuatap.features.people.trying import Counted

__all__ = [
    "KEPT_S",
    "AgencyRow",
    "Change",
    "Counted",
    "Opening",
    "SharedPc",
    "StaffChange",
    "StaffRow",
    "add_passkey",
    "add_totp",
    "block_account",
    "change_own_language",
    "choose_password",
    "count_try",
    "drop_factor",
    "drop_pin",
    "drop_tries",
    "end_grant",
    "end_other_sessions",
    "end_session",
    "factor_keys",
    "forget_account",
    "forget_ended_sessions",
    "forget_tries",
    "give_device_secret",
    "grant_role",
    "lift_locks",
    "link_city",
    "make_recovery_codes",
    "move_session",
    "note_account_copy",
    "note_lock",
    "open_account",
    "open_session",
    "put_agencies",
    "put_city_login",
    "put_staff",
    "reseal_factors",
    "reset_factors",
    "set_password",
    "set_pin",
    "take_over",
    "touch_session",
    "unblock_account",
    "unblock_device",
    "uncount_try",
    "use_code",
]
