from __future__ import annotations

from django.urls import path

from satuatap.web.office import access, desks, history, hours, imports, overview, roles, services, sheets, staff

urlpatterns = [
    path("pengelolaan", overview.overview, name="office"),
    path("pengelolaan/orang", staff.people_page, name="office_people"),
    path("pengelolaan/orang/<int:account>", staff.account_page, name="office_account"),
    path("pengelolaan/orang/<int:account>/sandi", staff.reset_password, name="office_reset"),
    path("pengelolaan/orang/<int:account>/blokir", staff.block, name="office_block"),
    path("pengelolaan/orang/<int:account>/buka-blokir", staff.unblock, name="office_unblock"),
    path("pengelolaan/orang/<int:account>/sesi/<uuid:session>/akhiri", access.end_session, name="office_end_session"),
    path("pengelolaan/orang/<int:account>/faktor/hapus", access.reset_factors, name="office_reset_factors"),
    path("pengelolaan/orang/<int:account>/kunci/buka", access.lift_locks, name="office_lift_locks"),
    path("pengelolaan/orang/<int:account>/masuk-kota", access.city_login, name="office_city_login"),
    path("pengelolaan/orang/<int:account>/peran", roles.give, name="office_give"),
    path("pengelolaan/orang/<int:account>/peran/<int:grant>/akhiri", roles.end, name="office_end"),
    path("pengelolaan/loket", desks.desks_page, name="office_desks"),
    path("pengelolaan/loket/<int:desk>", desks.desk_page, name="office_desk"),
    path("pengelolaan/loket/<int:desk>/buka", desks.open_desk, name="office_open"),
    path("pengelolaan/loket/<int:desk>/tutup", desks.close_desk, name="office_close"),
    path("pengelolaan/jam", hours.hours_page, name="office_hours"),
    path("pengelolaan/jam/<int:day>/tarik", hours.withdraw, name="office_withdraw"),
    path("pengelolaan/layanan", services.services_page, name="office_services"),
    path("pengelolaan/data", sheets.sheets_page, name="office_data"),
    path("pengelolaan/data/unduh", sheets.download, name="office_download"),
    path("pengelolaan/data/perubahan/<uuid:change>/batalkan", sheets.undo, name="office_undo"),
    path("pengelolaan/data/<slug:sheet>", sheets.sheet_page, name="office_sheet"),
    path("pengelolaan/data/<slug:sheet>/baru", sheets.row_page, name="office_new"),
    path("pengelolaan/data/<slug:sheet>/<slug:row>", sheets.row_page, name="office_row"),
    path("pengelolaan/data/<slug:sheet>/<slug:row>/hapus", sheets.remove, name="office_remove"),
    path("pengelolaan/impor", imports.start, name="office_import"),
    path("pengelolaan/impor/<uuid:draft>", imports.review, name="office_review"),
    path("pengelolaan/impor/<uuid:draft>/bandingkan", imports.again, name="office_again"),
    path("pengelolaan/impor/<uuid:draft>/betulkan", imports.mend, name="office_mend"),
    path("pengelolaan/impor/<uuid:draft>/buang", imports.drop, name="office_drop"),
    path("pengelolaan/riwayat", history.history_page, name="office_history"),
]
