"""A passkey in a real browser, with the browser's own virtual authenticator."""

import pytest
from allauth.mfa.models import Authenticator

from tests.people.factories import PASSWORD, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(live_server) -> str:
    """Passkeys belong to a host name, never to an IP address."""
    return f"http://localhost:{live_server.url.rsplit(':', 1)[1]}"


@pytest.fixture
def page(browser_page):
    """A phone with a fingerprint reader; what the console complains of fails the test."""
    wire = browser_page.context.new_cdp_session(browser_page)
    wire.send("WebAuthn.enable")
    wire.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    complaints = []
    browser_page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
    browser_page.on("pageerror", lambda error: complaints.append(str(error)))
    browser_page.set_default_timeout(15000)
    yield browser_page
    assert complaints == []


def sign_in(page, site, person, language="en"):
    page.goto(f"{site}/{language}/accounts/login/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) button[type=submit]")
    page.wait_for_url("**/desk/")


def add_passkey(page, site, *, alone):
    page.goto(f"{site}/en/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.fill("[name=name]", "My phone")
    if alone:
        page.check("[name=passwordless]")
    page.click("[data-passkey=create] button[type=submit]")
    page.wait_for_url("**/recovery-codes/")


def test_passkey_alone_signs_in(page, site):
    person = PersonFactory()
    sign_in(page, site, person)
    add_passkey(page, site, alone=True)
    page.context.clear_cookies()

    page.goto(f"{site}/ru/accounts/login/?next=/ru/settings/")
    page.click("[data-passkey=login] button[type=submit]")
    page.wait_for_url(lambda url: url.endswith("/ru/settings/") and "?" not in url)

    assert Authenticator.objects.get(type="webauthn").wrap().is_passwordless
    assert page.locator("h1").inner_text() == "Настройки"


def test_passkey_is_the_second_step_after_a_password(page, site):
    person = PersonFactory()
    sign_in(page, site, person)
    add_passkey(page, site, alone=False)
    page.context.clear_cookies()

    page.goto(f"{site}/en/accounts/login/")
    page.fill("[name=login]", person.email)
    page.fill("[name=password]", PASSWORD)
    page.click("form:has([name=password]) button[type=submit]")
    page.wait_for_url("**/2fa/authenticate/")
    page.click("[data-passkey=get] button[type=submit]")
    page.wait_for_url("**/desk/")

    assert page.locator("h1").inner_text() == person.name


def test_passkey_for_the_second_step_says_at_sign_in_what_it_is_for(page, site):
    person = PersonFactory()
    sign_in(page, site, person)
    add_passkey(page, site, alone=False)
    page.context.clear_cookies()

    page.goto(f"{site}/en/accounts/login/")
    page.click("[data-passkey=login] button[type=submit]")

    told = page.locator("[data-trouble]:visible")
    told.wait_for()
    assert "sign in with your password here, and the key is asked for next" in told.inner_text()
    assert told.evaluate("it => it === document.activeElement")
    assert told.bounding_box()["y"] < page.locator("[name=login]").bounding_box()["y"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            "new DOMException('', 'NotAllowedError')",
            "Either it was cancelled, or this device has none that signs in alone",
        ),
        ("new Error('no')", "was not read. Try again, or choose another way"),
    ],
)
def test_sign_in_without_a_passkey_says_what_to_do(browser_page, site, error, words):
    browser_page.goto(f"{site}/en/accounts/login/")
    browser_page.evaluate(f"() => {{ navigator.credentials.get = () => Promise.reject({error}); }}")

    browser_page.click("[data-passkey=login] button[type=submit]")

    told = browser_page.locator("[data-trouble]:visible")
    told.wait_for()
    assert told.count() == 1
    assert words in told.inner_text()


def test_key_that_was_removed_says_so_and_keeps_where_to(page, site):
    sign_in(page, site, PersonFactory())
    add_passkey(page, site, alone=True)
    page.context.clear_cookies()
    Authenticator.objects.all().delete()

    page.goto(f"{site}/en/accounts/login/?next=/en/settings/")
    page.click("[data-passkey=login] button[type=submit]")
    page.wait_for_url("**/accounts/login/?next=%2Fen%2Fsettings%2F")

    told = page.locator("main [role=alert]:visible")
    assert "This passkey opens no account here" in told.inner_text()


def test_sign_up_learns_the_zone_of_the_device(chromium, site):
    context = chromium.new_context(timezone_id="Asia/Dushanbe")
    page = context.new_page()

    page.goto(f"{site}/en/accounts/signup/")
    page.wait_for_function("document.querySelector('[name=time_zone]').value !== ''")

    assert page.locator("[name=time_zone]").input_value() == "Asia/Dushanbe"
    context.close()


def test_address_that_is_a_number_says_where_passkeys_work(page, site):
    person = PersonFactory()
    sign_in(page, site, person)
    by_number = site.replace("localhost", "127.0.0.1")

    page.goto(f"{site}/en/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_selector("[data-passkey=create]")
    named = page.locator("[data-needs-name]").is_visible()
    page.context.add_cookies(
        [{**cookie, "domain": by_number.split("//")[1].split(":")[0]} for cookie in page.context.cookies()]
    )
    page.goto(f"{by_number}/en/accounts/2fa/webauthn/add/")

    assert (named, page.locator("[data-needs-name]").is_visible()) == (False, True)
    assert page.locator("[data-needs-name] a").get_attribute("href").startswith(site)
