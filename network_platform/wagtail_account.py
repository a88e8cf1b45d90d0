"""Wagtail's page about an editor's own account, without what the platform keeps elsewhere or not at all."""

from wagtail.admin.views.account import (
    AccountView,
    AvatarSettingsPanel,
    BaseSettingsPanel,
    NameEmailSettingsPanel,
)

# Uploads have no address that a page could show a portrait from; names and address are in the platform's settings.
LEFT_OUT = (AvatarSettingsPanel, NameEmailSettingsPanel)


class OwnAccount(AccountView):
    def get_panels(self) -> list[BaseSettingsPanel]:
        return [panel for panel in super().get_panels() if not isinstance(panel, LEFT_OUT)]
