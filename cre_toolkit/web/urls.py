"""Every address of the service. References are opaque: no address names a person."""

from allauth.account import views as allauth
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from cre_toolkit.web.second_factor import without_second_factor
from cre_toolkit.web.views import (
    access_reviews,
    account,
    audit,
    components,
    documents,
    due,
    home,
    invitation,
    knowledge,
    mail,
    notifications,
    second_factor,
    sessions,
    single_sign_on,
    taking_on,
    tasking,
    team,
)
from cre_toolkit.web.views.administration import agencies, changes, people
from cre_toolkit.web.views.assessments import (
    check,
    child,
    concerns,
    danger,
    decision,
    drafts,
    family,
    indicators,
    level,
    review,
    sent,
    siblings,
    start,
    versions,
    withdraw,
)
from cre_toolkit.web.views.children import (
    adding,
    break_glass,
    calls,
    closing,
    death,
    do,
    duplicates,
    editing,
    events,
    history,
    lead,
    lock_outs,
    looks,
    network,
    note_in_error,
    notes,
    record,
    restriction,
    search,
    timeline,
    transfer,
    transition,
    viewers,
)
from cre_toolkit.web.views.meetings import checking, meeting, recording
from cre_toolkit.web.views.meetings import planning as meetings
from cre_toolkit.web.views.missing import child as missing_child
from cre_toolkit.web.views.missing import listed as missing_listed
from cre_toolkit.web.views.missing import plan as missing_plan
from cre_toolkit.web.views.paper import check as paper_check
from cre_toolkit.web.views.paper import pages as paper
from cre_toolkit.web.views.paper import start as paper_start
from cre_toolkit.web.views.records import requests, retention
from cre_toolkit.web.views.referrals import lists as referral_lists
from cre_toolkit.web.views.referrals import one as referral
from cre_toolkit.web.views.referrals import refer, sealing

# For allauth's forms, which would take a PUT as if it were a POST.
get_or_post = require_http_methods(["GET", "HEAD", "POST"])

handler500 = "cre_toolkit.web.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("due/", due.due, name="due"),
    path("mail/", mail.mail, name="mail"),
    path("notifications/", notifications.notifications, name="notifications"),
    # One's own account.
    path("account/", account.account, name="account"),
    path("account/sign-in/", get_or_post(allauth.login), name="account_login"),
    path("account/sign-out/", account.sign_out, name="account_logout"),
    path("account/inactive/", get_or_post(allauth.account_inactive), name="account_inactive"),
    path("account/password/", get_or_post(allauth.password_change), name="account_change_password"),
    path("account/forgotten/", get_or_post(allauth.password_reset), name="account_reset_password"),
    path(
        "account/forgotten/sent/",
        require_safe(allauth.password_reset_done),
        name="account_reset_password_done",
    ),
    path(
        "account/new-password/<slug:uidb36>/<slug:key>/",
        get_or_post(allauth.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "account/new-password/set/",
        require_safe(allauth.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("account/session/", sessions.left, name="session"),
    path("account/session/stay/", sessions.stay, name="session-stay"),
    path("account/sessions/", sessions.mine, name="sessions"),
    path("lock/", sessions.lock, name="lock"),
    path(
        "account/confirm/",
        without_second_factor(get_or_post(allauth.reauthenticate)),
        name="account_reauthenticate",
    ),
    path("account/single-sign-on/", single_sign_on.begin, name="single-sign-on"),
    # The name is allauth's.
    path(
        "account/single-sign-on/<slug:provider_id>/back/",
        single_sign_on.back,
        name="openid_connect_callback",
    ),
    # Its second step. allauth calls these by their names.
    path("account/second-step/", second_factor.overview, name="mfa_index"),
    path(
        "account/sign-in/second-step/",
        get_or_post(second_factor.SecondStep.as_view()),
        name="mfa_authenticate",
    ),
    path(
        "account/confirm/code/",
        without_second_factor(get_or_post(second_factor.ConfirmByCode.as_view())),
        name="mfa_reauthenticate",
    ),
    path(
        "account/confirm/passkey/",
        without_second_factor(get_or_post(second_factor.ConfirmByPasskey.as_view())),
        name="mfa_reauthenticate_webauthn",
    ),
    path("account/second-step/app/", second_factor.add_app, name="mfa_activate_totp"),
    path("account/second-step/passkey/", second_factor.add_passkey, name="mfa_add_webauthn"),
    path("account/second-step/remove/", second_factor.remove, name="mfa_remove"),
    path("account/second-step/codes/", second_factor.codes, name="mfa_view_recovery_codes"),
    path("account/second-step/codes/new/", second_factor.new_codes, name="mfa_generate_recovery_codes"),
    # Who is missing, for the authority's monitoring group and for managers.
    path("missing/", missing_listed.listed, name="missing"),
    path("missing/csv/", missing_listed.listed_csv, name="missing-csv"),
    # The monthly tasking meeting of an authority.
    path("tasking/", tasking.listed, name="tasking"),
    path("tasking/csv/", tasking.listed_csv, name="tasking-csv"),
    path("tasking/docx/", tasking.listed_word, name="tasking-docx"),
    path("tasking/meeting/", tasking.meeting, name="tasking-meeting"),
    path("tasking/meetings/<slug:day>/", tasking.held, name="tasking-held"),
    # Children. A name is never part of an address: searching is a POST.
    path("search/", search.search, name="search"),
    path("children/new/", adding.add, name="child-new"),
    path("children/<slug:reference>/", record.record, name="child"),
    path("children/<slug:reference>/access/", viewers.viewers, name="child-access"),
    path("children/<slug:reference>/looks/", looks.looks, name="child-looks"),
    path("children/<slug:reference>/network/", network.members, name="child-network"),
    path("children/<slug:reference>/network/<uuid:grant>/end/", network.end, name="child-network-end"),
    path("children/<slug:reference>/restriction/", restriction.restricted, name="child-restriction"),
    path("children/<slug:reference>/restriction/lift/", restriction.lift, name="child-restriction-lift"),
    path(
        "children/<slug:reference>/restriction/<uuid:grant>/end/",
        restriction.take_off,
        name="child-restriction-end",
    ),
    path("children/<slug:reference>/lock-outs/", lock_outs.locked_out, name="child-lock-outs"),
    path(
        "children/<slug:reference>/lock-outs/<uuid:lock_out>/end/", lock_outs.end, name="child-lock-out-end"
    ),
    path("children/<slug:reference>/assessments/", history.history, name="child-assessments"),
    path("children/<slug:reference>/calls/", calls.calls, name="child-calls"),
    path("children/<slug:reference>/timeline/", timeline.timeline, name="child-timeline"),
    path("children/<slug:reference>/note/new/", notes.write, name="child-note"),
    path(
        "children/<slug:reference>/note/<uuid:note>/in-error/",
        note_in_error.note_in_error,
        name="child-note-in-error",
    ),
    path("children/<slug:reference>/lead/", lead.lead, name="child-lead"),
    path("children/<slug:reference>/due/<slug:action>/", do.do, name="child-do"),
    path("children/<slug:reference>/incidents/new/", events.incident, name="child-incident-new"),
    path(
        "children/<slug:reference>/events/<uuid:event>/in-error/",
        events.recorded_in_error,
        name="child-event-in-error",
    ),
    path("children/<slug:reference>/missing/", missing_child.episodes, name="child-missing"),
    path("children/<slug:reference>/missing/report/", missing_child.report, name="child-missing-report"),
    path("children/<slug:reference>/missing/return/", missing_child.came_back, name="child-missing-return"),
    path("children/<slug:reference>/missing/past/", missing_child.past, name="child-missing-past"),
    path(
        "children/<slug:reference>/missing/interview/",
        missing_child.interview,
        name="child-missing-interview",
    ),
    path("children/<slug:reference>/missing/plan/", missing_plan.plan, name="child-missing-plan"),
    path("children/<slug:reference>/meetings/", meetings.meetings, name="child-meetings"),
    path("children/<slug:reference>/meetings/new/", meetings.new, name="child-meeting-new"),
    path("children/<slug:reference>/tasking/", tasking.of_child, name="child-tasking"),
    path("children/<slug:reference>/tasking/ask/", tasking.ask, name="child-tasking-ask"),
    path("children/<slug:reference>/merged/", duplicates.of_child, name="child-merged"),
    path("children/<slug:reference>/edit/more/", editing.more, name="child-more"),
    path("children/<slug:reference>/edit/<slug:part>/", editing.edit, name="child-edit"),
    # Transition to adult services, and the ends of a case.
    path("children/<slug:reference>/transition/", transition.transition, name="child-transition"),
    path("children/<slug:reference>/transfer/", transfer.transfer, name="child-transfer"),
    path("children/<slug:reference>/close/", closing.close, name="child-close"),
    path("children/<slug:reference>/reopen/", closing.reopen, name="child-reopen"),
    path("children/<slug:reference>/death/", death.died, name="child-death"),
    path("children/<slug:reference>/death/error/", death.take_back, name="child-death-error"),
    path("transitions/", transition.work_list, name="transitions"),
    path("transfers/", transfer.work_list, name="transfers"),
    path("taking-on/", taking_on.taking_on, name="taking-on"),
    # Meetings about a child.
    path("meetings/", meetings.mine, name="meetings"),
    path("meetings/<slug:reference>/", meeting.meeting, name="meeting"),
    path("meetings/<slug:reference>/change/", meeting.change, name="meeting-change"),
    path("meetings/<slug:reference>/cancel/", meeting.cancel, name="meeting-cancel"),
    path("meetings/<slug:reference>/record/", recording.record, name="meeting-record"),
    path("meetings/<slug:reference>/check/", checking.check, name="meeting-check"),
    path("meetings/<slug:reference>/actions/<uuid:action>/", meeting.action, name="meeting-action"),
    path("meetings/<slug:reference>/ics/", meeting.calendar, name="meeting-ics"),
    path("meetings/<slug:reference>/pdf/", meeting.minutes_pdf, name="meeting-pdf"),
    path("meetings/<slug:reference>/docx/", meeting.minutes_word, name="meeting-docx"),
    path("children/<slug:reference>/refer/", refer.refer, name="child-refer"),
    # Referrals: what came in, what was sent, one of them; and what reaches nobody.
    path("referrals/", referral_lists.inbox, name="referrals"),
    path("referrals/sent/", referral_lists.sent, name="referrals-sent"),
    path("referrals/<slug:reference>/", referral.referral, name="referral"),
    path("referrals/<slug:reference>/sealed/", sealing.make, name="referral-sealed"),
    path("referrals/<slug:reference>/sealed/pdf/", sealing.fetch, name="referral-sealed-pdf"),
    path("referrals/<slug:reference>/route/", refer.route, name="referral-route"),
    path("referrals/<slug:reference>/<slug:step>/", referral.step, name="referral-step"),
    path("no-route/", referral_lists.queue, name="no-route"),
    path("no-route/<slug:reference>/", referral_lists.entry, name="no-route-entry"),
    # Records that may be of one child.
    path("duplicates/", duplicates.work_list, name="duplicates"),
    path("duplicates/<slug:reference>/", duplicates.pair, name="duplicate"),
    path("duplicates/<slug:reference>/merge/", duplicates.merge, name="duplicate-merge"),
    path("duplicates/<slug:reference>/undo/", duplicates.undo, name="duplicate-undo"),
    # Break-glass: of a child who is not seen, and what was done.
    path("break-glass/open/<slug:reference>/", break_glass.break_it, name="break-glass-open"),
    path("break-glass/<slug:reference>/", break_glass.review, name="break-glass"),
    path("access-reviews/", access_reviews.access_reviews, name="access-reviews"),
    # Keeping records as long as they must be, and no longer.
    path("records/", retention.lists, name="records"),
    path("records/ends/<slug:reference>/", retention.destruction, name="records-destruction"),
    path("records/<slug:reference>/", retention.of_child, name="records-child"),
    path("records/<slug:reference>/hold/", retention.hold, name="records-hold"),
    # A manager's team.
    path("team/", team.team, name="team"),
    path("team/<uuid:person>/", team.children, name="team-children"),
    path("team/<uuid:person>/cover/", team.arrange_cover, name="team-cover"),
    path("team/<uuid:person>/cover/<uuid:cover_id>/end/", team.end_cover, name="team-end-cover"),
    # Agencies, teams, people and roles, kept by administrators; and the answer of whoever was invited.
    path("administration/", people.people, name="administration"),
    path("administration/people/invite/", people.invite, name="administration-invite"),
    path("administration/people/existing/", people.existing, name="administration-existing"),
    path("administration/people/<uuid:person>/", people.person, name="administration-person"),
    *(
        path(f"administration/people/<uuid:person>/{address}/", view, name=f"administration-{name}")
        for name, address, view in (
            ("details", "details", changes.details),
            ("role", "role", changes.role),
            ("end-role", "role/<int:row>/end", changes.end_role),
            ("join-team", "team", changes.team),
            ("leave-team", "team/<int:row>/leave", changes.leave_team),
            ("invitation", "invitation", changes.invitation),
            ("second-step", "second-step", changes.second_step),
            ("close", "close", changes.close),
            ("reopen", "reopen", changes.reopen),
        )
    ),
    path("administration/agencies/", agencies.agencies, name="administration-agencies"),
    path("administration/agencies/add/", agencies.add_agency, name="administration-add-agency"),
    path("administration/teams/add/", agencies.add_team, name="administration-add-team"),
    path("administration/teams/<uuid:team>/", agencies.team, name="administration-team"),
    path("invitation/", invitation.invitation, name="invitation"),
    path("invitation/<str:token>/", invitation.link, name="invitation-link"),
    # Answering those who ask what is held about them.
    path("requests/", requests.work_list, name="requests"),
    path("requests/<slug:reference>/", requests.request_page, name="request"),
    path("requests/<slug:reference>/lines/<int:line>/", requests.line_page, name="request-line"),
    path("requests/<slug:reference>/check/", requests.check, name="request-check"),
    path("requests/<slug:reference>/pdf/", requests.answer_pdf, name="request-pdf"),
    # The audit trail.
    path("audit/", audit.trail, name="audit"),
    path("audit/csv/", audit.trail_csv, name="audit-csv"),
    # Assessments. The pages of one stand under its reference.
    path("drafts/", drafts.drafts, name="drafts"),
    path("countersign/", decision.waiting, name="countersign"),
    path("children/<slug:reference>/assess/", start.start, name="assessment-start"),
    path("children/<slug:reference>/review/", review.begin, name="assessment-review"),
    path("children/<slug:reference>/paper/", paper_start.start, name="paper-start"),
    path("assessments/<slug:reference>/", start.overview, name="assessment"),
    *(
        path(f"assessments/<slug:reference>/{address}/", view, name=f"assessment-{name}")
        for name, address, view in (
            ("danger", "danger", danger.DangerPage.view()),
            ("calls", "danger/calls", danger.calls),
            ("child", "child", child.ChildPage.view()),
            ("last-time", "last-time", review.LastTimePage.view()),
            ("indicators", "indicators", indicators.TickPage.view()),
            ("rating", "indicators/all", indicators.RatingPage.view()),
            ("rating-group", "indicators/<slug:group>", indicators.RatingPage.view()),
            ("places-people", "places-people", concerns.PlacesPage.view()),
            ("vulnerabilities", "vulnerabilities", concerns.VulnerabilitiesPage.view()),
            ("consultation", "consultation", concerns.ConsultationPage.view()),
            ("analysis", "analysis", concerns.AnalysisPage.view()),
            ("level", "level", level.LevelPage.view()),
            ("low", "level/low", level.LowPage.view()),
            ("actions", "actions", concerns.ActionsPage.view()),
            ("sharing", "sharing", concerns.SharingPage.view()),
            ("paper", "paper", paper.DetailsPage.view()),
            ("paper-indicators", "paper/indicators", paper.RatingsPage.view()),
            ("paper-places", "paper/places", paper.PlacesPage.view()),
            ("paper-vulnerabilities", "paper/vulnerabilities", paper.VulnerabilitiesPage.view()),
            ("paper-analysis", "paper/analysis", paper.AnalysisPage.view()),
            ("paper-actions", "paper/actions", paper.ActionsPage.view()),
            ("paper-engagement", "paper/engagement", paper.EngagementPage.view()),
            ("paper-marks", "paper/marks", paper.MarksPage.view()),
            ("paper-factors", "paper/factors", paper.FactorsPage.view()),
            ("paper-summary", "paper/summary", paper.SummaryPage.view()),
            ("paper-check", "paper/check", paper_check.check),
            ("discard", "discard", drafts.discard),
            ("restore", "restore", drafts.restore),
            ("hand-over", "hand-over", drafts.hand_over),
            ("check", "check", check.check),
            ("sent", "sent", sent.sent),
            ("record", "record", sent.record),
            ("changes", "changes", versions.changes),
            ("withdraw", "withdraw", withdraw.withdraw),
            ("decision", "decision", decision.decision),
            ("also-for", "also-for", siblings.also_for),
            ("right-child", "right-child", siblings.right_child),
            ("versions", "versions", versions.versions),
            ("version", "versions/<int:number>", versions.version),
            ("pdf", "pdf", documents.form_pdf),
            ("docx", "docx", documents.form_word),
            ("print", "print", documents.form_to_print),
            ("family", "family", family.family),
            ("family-pdf", "family/<slug:sheet>/pdf", family.family_pdf),
            ("family-docx", "family/<slug:sheet>/docx", family.family_word),
        )
    ),
    # Knowledge.
    path("guidance/", knowledge.guidance, name="guidance"),
    path("guidance/<slug:topic>/", knowledge.guidance_page, name="guidance-page"),
    path("contacts/", knowledge.contacts, name="contacts"),
    path("blank-form/", documents.blank_forms, name="blank-forms"),
    path("blank-form/<slug:instrument>/pdf/", documents.blank_pdf, name="blank-form-pdf"),
    path("blank-form/<slug:instrument>/docx/", documents.blank_word, name="blank-form-docx"),
    path("accessibility/", knowledge.accessibility, name="accessibility"),
    # For those who make pages; not in production.
    path("components/", components.components, name="components"),
]
