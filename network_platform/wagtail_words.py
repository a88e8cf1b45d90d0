"""Russian for Wagtail's and wagtail-localize's own words, where theirs has none or a wrong one.

Listing them here puts them into our catalogue, which is asked before theirs; what their scripts say stands in
`locale/ru/LC_MESSAGES/djangojs.po`, written by hand. `tests/ground/test_wagtail_words.py` says after an update which
words are new, which have a translation by now, and which are gone.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

WITHOUT_RUSSIAN = (
    gettext_noop("%(model_name)s scheduled for publishing"),
    gettext_noop("%(model_name)s scheduled for publishing at %(go_live_at)s"),
    gettext_noop("%(model_name)s unscheduled for publishing at %(go_live_at)s"),
    gettext_noop("%(model_name)s unscheduled from publishing"),
    gettext_noop("%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s"),
    gettext_noop("%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s across entire site."),
    gettext_noop(
        "%(start_index)s-%(end_index)s of %(items_count)s %(model_name)s in "
        "'<span class=\"w-title-ellipsis\">%(title)s</span>'."
    ),
    gettext_noop("- Select an option -"),
    gettext_noop("A human-readable label to identify this token."),
    gettext_noop("A network error occurred"),
    gettext_noop("API token"),
    gettext_noop("API token '%(name)s' revoked."),
    gettext_noop("API token created"),
    gettext_noop("API token revoked"),
    gettext_noop("API tokens"),
    gettext_noop("Actions (footer)"),
    gettext_noop("Add a concise description for search engines"),
    gettext_noop("Alternatively, you can view the latest version in a new tab."),
    gettext_noop("Anyone"),
    gettext_noop("Are you sure you want to revoke this API token?"),
    gettext_noop("Back to API tokens"),
    gettext_noop("Cancelled by %(cancelled_by)s"),
    gettext_noop("Copy token"),
    gettext_noop("Copying failed — please select and copy the token manually."),
    gettext_noop("Create API token"),
    gettext_noop("Currently idle"),
    gettext_noop("Last used"),
    gettext_noop("Locked by"),
    gettext_noop("Maximum filesize: %(max_upload_size)s."),
    gettext_noop("Meta description is empty"),
    gettext_noop("Never"),
    gettext_noop("No, don't revoke"),
    gettext_noop("Proceeding will overwrite the changes made by %(user_name)s."),
    gettext_noop("Proceeding will overwrite the changes you made in that window."),
    gettext_noop("Revoke"),
    gettext_noop("Revoke API token"),
    gettext_noop("Revoked"),
    gettext_noop('The token "%(name)s" has been created, copy it now, it will never be shown again.'),
    gettext_noop(
        "Troubleshoot your connection to the site before proceeding. Open the editor in a separate tab to view the "
        "last saved version."
    ),
    gettext_noop("View latest version"),
    gettext_noop("Wagtail API v3"),
    gettext_noop("Wagtail locales (Wagtail Localize version)"),
    gettext_noop("Yes, revoke"),
    gettext_noop('You do not have permission to publish pages at "%(page_title)s"'),
    gettext_noop("last used at"),
    gettext_noop("revoked at"),
    gettext_noop("unknown number"),
)

# Theirs says something else ("up to date" became "up to a date"), or runs two words into one.
SAID_RIGHT = (
    gettext_noop("All child pages will be created."),
    gettext_noop(
        "Are you sure you want to convert this page into an alias? This will overwrite the content of the page with "
        "the content of '%(source_page_title)s' (%(source_page_locale)s)"
    ),
    gettext_noop("Converted page to an alias of the translation source page"),
    gettext_noop("Converted page '%(title)s' to an alias of the translation source page '%(source_title)s'"),
    gettext_noop("Go back"),
    ngettext_lazy("Include subtree ({} page)", "Include subtree ({} pages)"),
    gettext_noop("Locales"),
    gettext_noop("Machine translated on {date}"),
    gettext_noop(
        "New validation errors were found when publishing '{object}' in {locale}. Please fix them or click publish "
        "again to ignore these translations for now."
    ),
    gettext_noop("Published '{object}' in {locale} with missing translations - see below."),
    gettext_noop("Published '{object}' in {locale}."),
    gettext_noop("Submit"),
    gettext_noop("The page title as you'd like it to be seen by the public"),
    gettext_noop("The page '{page_title}' was successfully submitted for translation into {locales}"),
    gettext_noop(
        "This page hasn't been translated yet. It is mirroring the "
        '<a href="%(edit_original_page_url)s" target="_blank">%(original_locale)s page</a>.'
    ),
    gettext_noop("Translated manually on {date}"),
    gettext_noop("Translated with {tool_name} on {date}"),
    gettext_noop("Translation of %(instance)s into %(locale)s"),
    gettext_noop("Up to date"),
    gettext_noop("Upload"),
    gettext_noop("page log entries"),
    gettext_noop("page log entry"),
    gettext_noop("{} locales"),
)
