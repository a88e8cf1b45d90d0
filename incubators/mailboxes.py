"""Whether who reads mail at an address can be taken to belong to the organisation of a website.

Asked narrowly: a wrong no costs a letter or a word of the focal point, a wrong yes gives an entry away.
"""

# Anybody can have an address here, or a site below it: such a domain says nothing about an organisation.
ANYBODYS = frozenset(
    """
    126.com 163.com about.me aol.com appspot.com azurewebsites.net behance.net bitrix24.kz bitrix24.site bk.ru
    blogspot.com carrd.co cloudfront.net discord.com duck.com email.ru facebook.com fastmail.com fb.com
    firebaseapp.com github.com github.io gitlab.io glide.page gmail.com gmx.com gmx.de gmx.net godaddysites.com
    google.com googlemail.com herokuapp.com hotmail.com hushmail.com icloud.com inbox.lv inbox.ru instagram.com
    internet.ru jimdo.com jimdofree.com jimdosite.com linkedin.com linktr.ee list.ru live.com live.ru
    livejournal.com lycos.com mac.com mail.com mail.kg mail.kz mail.ru mail.tj mail.uz me.com medium.com msn.com
    myrambler.ru namba.kg narod.ru netlify.app netlify.com nm.ru notion.site notion.so ok.ru onrender.com
    outlook.com outlook.de pages.dev pochta.ru proton.me protonmail.ch protonmail.com qip.ru qq.com rambler.ru
    readymag.com readymag.website ro.ru rocketmail.com s3.amazonaws.com sibmail.com strikingly.com substack.com t.me
    taplink.cc taplink.ws telegra.ph telegram.me telegram.org tiktok.com tilda.cc tilda.ws tumblr.com tut.by tuta.io
    tutanota.com twitter.com typepad.com ucoz.com ucoz.kz ucoz.net ucoz.org ucoz.ru ucraft.net ukr.net umail.uz
    vercel.app vk.com web.app webflow.io weebly.com whatsapp.com wix.com wixsite.com wordpress.com workers.dev x.com
    ya.ru yahoo.co.uk yahoo.com yandex.by yandex.com yandex.kz yandex.ru yandex.ua yandex.uz ymail.com youtube.com
    zoho.com zohomail.com
    """.split()  # noqa: SIM905
)
# Labels that stand before a country's code in its public suffixes: com.kz, gov.kg, co.uk.
SECOND_LEVEL = frozenset(
    """
    ac asso biz co com edu go gob gouv gov gub gv id info int ltd me mil my name ne net nic nom or org plc pp press pro
    sch school test tm tv univ web
    msk spb nov nsk ekb kazan
    """.split()  # noqa: SIM905
)


def vouches(address: str, website_host: str) -> bool:
    """Whether the mail domain is the site's host, with or without "www.", or a parent of it that somebody registered.

    Never where anybody can have an address or a site, and never a public suffix such as com.kz or co.uk.
    """
    domain, host = _ascii(address.rpartition("@")[2]), _ascii(website_host).removeprefix("www.")
    if not domain or not host or _is_anybodys(domain) or _is_anybodys(host):
        return False
    return _is_registrable(domain) and (domain == host or host.endswith(f".{domain}"))


def has_own_domain(website_host: str) -> bool:
    """Whether any address could vouch for an organisation with this site."""
    host = _ascii(website_host).removeprefix("www.")
    return vouches(f"info@{host}", host)


def _is_anybodys(name: str) -> bool:
    """The name itself, one above it, or one of the countries of a service, such as yandex.* and yahoo.*."""
    labels = name.split(".")
    above = {".".join(labels[start:]) for start in range(len(labels))}
    return bool(above & ANYBODYS) or bool({"gmail", "outlook", "hotmail", "yahoo", "yandex"} & set(labels))


def _is_registrable(name: str) -> bool:
    """Whether it has a label of its own before its public suffix; numbers are no names."""
    labels = name.split(".")
    if len(labels) < 2 or not all(labels) or labels[-1].isdigit():
        return False
    is_double = len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return len(labels) > (2 if is_double else 1)


def _ascii(name: str) -> str:
    """In small letters, as the network writes it; '' for what is no host name."""
    try:
        return name.strip().rstrip(".").lower().encode("idna").decode()
    except UnicodeError:
        return ""
