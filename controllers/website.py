import json
import secrets
import time
from os import SEEK_END

from odoo.http import request

from ..models.province.throttle import TooMany
from ..models.report.form import FormError
from ..tools.challenge import ticket
from ..tools.throttle import IPV6_CUSTOMER, network

MB = 1024 * 1024
PICTURE_WIDTHS = ("480", "960")
SHOWN_INLINE = ("image/", "video/", "audio/")
# From this age on a device counts for itself alone, not with others of its address.
KNOWN_SECONDS = 600

# How long a one-time code opens the page of its report.
PROOF_SECONDS = 1800
PROVED_KEPT = 20
# Of pages whose address holds a code: it goes to no other site and to no search engine.
SECRET_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

STATE_ICONS = {
    "new": "fa-inbox",
    "supplementing": "fa-pencil-square-o",
    "received": "fa-check",
    "consulting": "fa-comments-o",
    "designating": "fa-sitemap",
    "processing": "fa-wrench",
    "resolved": "fa-file-text-o",
    "concurring": "fa-handshake-o",
    "joined": "fa-link",
    "done": "fa-check-circle",
    "forwarded": "fa-share",
    "refused": "fa-ban",
    "cancelled": "fa-times-circle",
}


def website_company():
    """The province whose site is visited."""
    return request.website._civic_company_sudo()


def sitemap_pages(env, _rule, query):
    """The pages that menus lead to, for search engines, where a site asks for them.

    Every one of their routes names this: Odoo calls it once.
    """
    website = env["website"].get_current_website()
    if website.civic_reports:
        for menu in website._civic_menu_values().values():
            if not query or query.lower() in menu["url"]:
                yield {"loc": menu["url"]}


def remember_device():
    """Give this browser a name of its own, in its session, to count its acts by.

    An address gets so many of them in a time; beyond it its browsers are counted
    together.
    """
    if "civic_device" in request.session:
        return
    throttle = request.env["civic.throttle"]
    if not throttle._take("device", {"network": _address(IPV6_CUSTOMER)}):
        request.session["civic_device"] = {"id": secrets.token_urlsafe(16)}


def visitor():
    """For whom the acts of this request are counted; see `civic.throttle`.

    A flood stops at its own device. Who keeps no cookies, or takes a new one for each
    act, is counted by the address; so is whoever has many old ones, in a wider gate:
    beyond these a small work is asked, and nobody is shut out by a neighbour. A device
    is known once it has done something that was counted, and some time has passed.

    :return: dict of kind → value
    """
    user = request.env.user
    if not user._is_public():
        return {"account": user.id, "device": f"account {user.id}"}
    device = request.session.get("civic_device") or {}
    acted_at = device.get("acted_at")
    is_known = bool(acted_at) and time.time() - acted_at > KNOWN_SECONDS
    return {
        "device": device.get("id"),
        "address": "" if is_known else _address(),
        "network": _address(IPV6_CUSTOMER),
    }


def _address(*prefix):
    # Behind a proxy this is the visitor's address only in proxy_mode.
    return network(request.httprequest.remote_addr, *prefix)


def asker():
    """What stands for the browser to which one-time codes are told."""
    keys = visitor()
    return keys["device"] or f"none at {keys['network']}"


def count(scope, answer=None, **more):
    """Count an act of this request.

    :param scope: key of `civic.throttle.limit.scope`
    :param answer: what the browser gave for the challenge of an earlier refusal; None
        where it cannot be asked
    :param more: more kinds for which it counts
    :raises TooMany: when a limit against floods is reached
    """
    request.env["civic.throttle"]._check(scope, {**visitor(), **more}, answer)
    has_acted()


def has_acted():
    """This browser has done something that was counted: soon it is known."""
    device = request.session.get("civic_device")
    if device and not device.get("acted_at"):
        request.session["civic_device"] = {**device, "acted_at": int(time.time())}


def sent_report(code):
    """The report that this browser has just sent, elevated; 404 for any other."""
    report = request.env["civic.report"]
    if code.upper() in request.session.get("civic_sent", ()):
        reports = request.env["civic.site.list"]
        report = reports._find_by_code_sudo(code, website_company())
    if not report:
        raise request.not_found()
    return report


def digits_errors(kind):
    """What is said beside the field for a one-time code.

    :param kind: wrong or wait; nothing for any other
    :return: dict of field → words
    """
    words = {
        "wrong": request.env._(
            "These digits are wrong, used already or older than %s minutes. Type them "
            "again, or have new ones sent.",
            request.env["civic.code"]._valid_minutes(),
        ),
        "wait": request.env._(
            "Too many tries in a short time. Wait a few minutes, then try again."
        ),
    }
    return {"digits": words[kind]} if kind in words else {}


def remember_proof(report):
    """Let this browser, for a while, act as the sender of this report.

    The session gets another name: nobody goes on with one that was known before.
    """
    earlier = request.session.get("civic_proved", [])
    request.session["civic_proved"] = [*earlier, report.name][-PROVED_KEPT:]
    request.session["civic_proof"] = {
        "code": report.name,
        "company": report.company_id.id,
        "at": int(time.time()),
    }
    request.session.should_rotate = True


def is_proved_before(code):
    """Whether this browser has sent the report, or proved to be its sender, some day.

    It opens nothing: only what this browser asks is counted apart from what strangers
    ask about the same report.
    """
    known = ("civic_sent", "civic_proved")
    return any(code in request.session.get(name, ()) for name in known)


def forget_proof():
    """Let this browser no longer act as the sender of a report."""
    request.session.pop("civic_proof", None)


def proof_of(code):
    """The report of this code, elevated, if this browser may act as its sender."""
    proof = request.session.get("civic_proof") or {}
    company = website_company()
    is_proved = (
        proof.get("code") == code.upper()
        and proof.get("company") == company.id
        and time.time() - proof.get("at", 0) < PROOF_SECONDS
    )
    if not is_proved:
        return request.env["civic.report"]
    return request.env["civic.site.list"]._find_by_code_sudo(code, company)


def challenge_values(error):
    """What a page needs for a browser that may go on at once by a small work.

    :return: dict of challenge (JSON for the script) and ticket (for who waits)
    """
    if not getattr(error, "challenge", None):
        return {"challenge": "", "ticket": ""}
    return {
        "challenge": json.dumps(error.challenge),
        "ticket": ticket(error.challenge),
        "challenge_wait": error.wait,
    }


def say_when(answer, error):
    """Tell programs too when to try again, where a limit against floods was reached."""
    if isinstance(error, TooMany):
        answer.headers["Retry-After"] = str(error.wait)
    return answer


def page_values(**values):
    """What every page of the module's site uses, and the page's own values."""
    company = website_company()
    return {
        "when": company._civic_moment_text,
        "until": company._civic_deadline_text,
        "state_icons": STATE_ICONS,
        "province": company.name,
        **values,
    }


def unavailable_page(message):
    """Say what cannot be done right now, with status 503.

    :param message: words for the citizen, with what to do instead
    """
    return request.render(
        "civic_report.website_unavailable",
        page_values(message=message),
        status=503,
        headers={"Retry-After": "300", "Cache-Control": "no-store"},
    )


def uploaded_files(name):
    """Contents of the files that the browser sent under this name.

    :return: list of bytes, in the order of the form, one more than accepted at most
    :raises FormError: when they are too large in all; nothing is read then
    """
    uploads = [
        upload for upload in request.httprequest.files.getlist(name) if upload.filename
    ]
    limits = website_company()._civic_upload_limits()
    if sum(_size(upload.stream) for upload in uploads) > limits.total:
        raise FormError(
            {
                name: request.env._(
                    "The files are larger than %s MB in all: choose fewer or smaller "
                    "ones.",
                    limits.total // MB,
                )
            }
        )
    contents = []
    largest = max(limits.picture, limits.recording)
    for upload in uploads[: limits.files + 1]:
        # A transaction that is run again finds the streams at their end.
        upload.stream.seek(0)
        contents.append(upload.stream.read(largest + 1))
    return contents


def _size(stream):
    return stream.seek(0, SEEK_END)


def file_response(attachment, size=""):
    """Answer with a file; documents may hold scripts and are saved, never opened.

    Nobody keeps it without asking again: what is hidden or edited later is gone from
    every cache at once.

    :param attachment: ir.attachment, elevated
    :param size: width of a smaller picture, one of `PICTURE_WIDTHS`
    """
    binary = request.env["ir.binary"]
    if attachment.mimetype.startswith("image/"):
        width = int(size) if size in PICTURE_WIDTHS else 0
        stream = binary._get_image_stream_from(attachment, width=width)
    else:
        stream = binary._get_stream_from(attachment)
    inline = stream.mimetype.startswith(SHOWN_INLINE)
    response = stream.get_response(as_attachment=not inline)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
