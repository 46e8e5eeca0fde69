"""Every write of people: agencies, accounts, grants, the city's staff sheet, devices."""

from satuatap.features.people.actions.accounts import (
    block_account,
    change_own_language,
    choose_password,
    forget_account,
    open_account,
    set_password,
    unblock_account,
)
from satuatap.features.people.actions.agencies import AgencyRow, Change, put_agencies
from satuatap.features.people.actions.devices import give_device_secret
from satuatap.features.people.actions.grants import end_grant, grant_role
from satuatap.features.people.actions.staff import StaffChange, StaffRow, put_staff

__all__ = [
    "AgencyRow",
    "Change",
    "StaffChange",
    "StaffRow",
    "block_account",
    "change_own_language",
    "choose_password",
    "end_grant",
    "forget_account",
    "give_device_secret",
    "grant_role",
    "open_account",
    "put_agencies",
    "put_staff",
    "set_password",
    "unblock_account",
]
