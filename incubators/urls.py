"""Addresses of the registry."""

from django.urls import path, register_converter

from incubators.views import (
    confirming,
    country_figures,
    editor,
    exports,
    figures,
    focal,
    founder,
    imports,
    indicators,
    members,
    offers,
    offices,
    placements,
    programmes,
    public,
    searches,
    upkeep,
)


class Iso2Converter:
    """Two Latin letters, small or capital."""

    regex = "[A-Za-z]{2}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value.lower()


register_converter(Iso2Converter, "iso2")

app_name = "incubators"
urlpatterns = [
    path("countries/", public.region, name="region"),
    path("countries/focal-points/", offices.focal_points, name="focal-points"),
    path("countries/focal-points/appoint/", offices.appoint, name="focal-point-appoint"),
    path("countries/indicators/", indicators.indicators, name="indicators"),
    path("countries/indicators/add/", indicators.add, name="indicator-add"),
    path("countries/indicators/<slug:code>/define/", indicators.define, name="indicator-define"),
    path("countries/indicators/<slug:code>/retire/", indicators.retire, name="indicator-retire"),
    path("countries/<iso2:iso2>/", public.country, name="country"),
    path("countries/<iso2:iso2>/focal-points/<uuid:uid>/end/", offices.end, name="focal-point-end"),
    path("incubators/", public.directory, name="list"),
    path("incubators/export.<str:form>", exports.export, name="export"),
    path("embed/incubators/", exports.embedded, name="embedded"),
    path("incubators/embed/", exports.embed, name="embed"),
    path("incubators/searches/", searches.searches, name="searches"),
    path("incubators/searches/save/", searches.save, name="search-save"),
    path("incubators/searches/stop/<str:token>/", searches.stop, name="searches-stop"),
    path("incubators/searches/<uuid:uid>/", searches.change, name="search-change"),
    path("incubators/searches/<uuid:uid>/delete/", searches.delete, name="search-delete"),
    path("incubators/still-true/<str:token>/", confirming.still_true, name="still-true"),
    path("incubators/new/", editor.new, name="new"),
    path("incubators/mine/", editor.mine, name="mine"),
    path("incubators/queue/", focal.queue, name="queue"),
    path("incubators/queue/<uuid:uid>/", focal.review, name="review"),
    path("incubators/queue/claims/<uuid:uid>/", focal.claim_review, name="claim-review"),
    path("incubators/queue/figures/", country_figures.country_figures, name="country-figures"),
    path("incubators/queue/figures/<uuid:uid>/", country_figures.review, name="figures-review"),
    path("incubators/duplicates/", upkeep.duplicates, name="duplicates"),
    path("incubators/duplicates/<uuid:uid>/", upkeep.duplicate, name="duplicate"),
    path("incubators/duplicates/<uuid:uid>/merge/", upkeep.merge, name="merge"),
    path("incubators/mergers/<uuid:uid>/undo/", upkeep.merger_undo, name="merger-undo"),
    path("incubators/transfers/<uuid:uid>/", upkeep.transfer_answer, name="transfer-answer"),
    path("incubators/transfers/<uuid:uid>/withdraw/", upkeep.transfer_withdraw, name="transfer-withdraw"),
    path("incubators/remarks/<uuid:uid>/", upkeep.remark, name="remark"),
    path("incubators/import/", imports.import_file, name="import"),
    path("incubators/import/<slug:kind>.csv", imports.import_template, name="import-template"),
    path("incubators/import/<uuid:uid>/", imports.import_run, name="import-run"),
    path("incubators/import/<uuid:uid>/columns/", imports.import_columns, name="import-columns"),
    path("incubators/import/<uuid:uid>/undo/", imports.import_undo, name="import-undo"),
    path("incubators/import/<uuid:uid>/mistakes.csv", imports.import_mistakes, name="import-mistakes"),
    path("incubators/<slug:slug>/", public.detail, name="detail"),
    path("incubators/<slug:slug>/claim/", editor.claim, name="claim"),
    path("incubators/<slug:slug>/wrong/", upkeep.wrong, name="wrong"),
    path("incubators/<slug:slug>/transfer/", upkeep.transfer, name="transfer"),
    path("incubators/<slug:slug>/confirm/", confirming.confirm, name="confirm"),
    path("incubators/<slug:slug>/standing/", focal.standing, name="standing"),
    path("incubators/<slug:slug>/editors/", members.editors, name="editors"),
    path("incubators/<slug:slug>/editors/<uuid:uid>/end/", members.end, name="editor-end"),
    path("incubators/<slug:slug>/edit/", editor.edit, name="edit"),
    path("incubators/<slug:slug>/edit/preview/", editor.preview, name="preview"),
    path("incubators/<slug:slug>/edit/submit/", editor.submit, name="submit"),
    path("incubators/<slug:slug>/edit/discard/", editor.discard, name="discard"),
    path("incubators/<slug:slug>/edit/withdraw/", editor.withdraw, name="withdraw"),
    path("incubators/<slug:slug>/edit/<slug:section>/", editor.section, name="section"),
    path("incubators/<slug:slug>/edit/<slug:section>/save/", editor.autosave, name="autosave"),
    path("incubators/<slug:slug>/programmes/", programmes.programmes, name="programmes"),
    path("incubators/<slug:slug>/programmes/new/", programmes.new, name="programme-new"),
    path("incubators/<slug:slug>/figures.csv", public.published_figures, name="figures-csv"),
    path("incubators/<slug:slug>/figures/", figures.years, name="figures"),
    path("incubators/<slug:slug>/figures/<int:year>/", figures.year, name="figures-year"),
    path("incubators/<slug:slug>/figures/<int:year>/edit/", figures.edit, name="figures-edit"),
    path("incubators/<slug:slug>/figures/<int:year>/save/", figures.autosave, name="figures-save"),
    path("incubators/<slug:slug>/figures/<int:year>/preview/", figures.preview, name="figures-preview"),
    path("incubators/<slug:slug>/figures/<int:year>/publish/", figures.publish, name="figures-publish"),
    path("incubators/<slug:slug>/figures/<int:year>/benchmark/", figures.benchmark, name="figures-benchmark"),
    path("programmes/<uuid:uid>/", offers.programme, name="programme"),
    path("programmes/<uuid:uid>/edit/", programmes.edit, name="programme-edit"),
    path("programmes/<uuid:uid>/move/", programmes.move, name="programme-move"),
    path("programmes/<uuid:uid>/cohorts/new/", programmes.cohort_new, name="cohort-new"),
    path("programmes/<uuid:uid>/calls/new/", programmes.call_new, name="call-new"),
    path("cohorts/<uuid:uid>/edit/", programmes.cohort_edit, name="cohort-edit"),
    path("cohorts/<uuid:uid>/propose/", placements.propose, name="placement-propose"),
    path("placements/<uuid:uid>/edit/", placements.outcome, name="placement-edit"),
    path("placements/<uuid:uid>/answer/", placements.answer, name="placement-answer"),
    path("calls/", offers.calls, name="calls"),
    path("calls/calendar.ics", offers.calendar, name="calendar"),
    path("calls/<uuid:uid>/", offers.call, name="call"),
    path("calls/<uuid:uid>/edit/", programmes.call_edit, name="call-edit"),
    path("calls/<uuid:uid>/move/", programmes.call_move, name="call-move"),
    path("startups/", founder.startups, name="startups"),
    path("startups/new/", founder.new, name="startup-new"),
    path("startups/<uuid:uid>/", offers.startup, name="startup"),
    path("startups/<uuid:uid>/edit/", founder.edit, name="startup-edit"),
    path("startups/<uuid:uid>/showing/", placements.showing, name="startup-showing"),
    path("startups/<uuid:uid>/placements/", placements.placements, name="placements"),
    path("startups/<uuid:uid>/save/", founder.autosave, name="startup-save"),
    path("startups/<uuid:uid>/remove/", founder.remove, name="startup-remove"),
]
