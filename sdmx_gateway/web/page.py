"""The pages for people: the overview at ``/``, and the findings of one release. No script, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import partial
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from sdmx_gateway.errors import UnknownRelease
from sdmx_gateway.validation import Report
from sdmx_gateway.validation import page as report_page
from sdmx_gateway.web.manners import HEADERS
from sdmx_gateway.web.overview import SEVERITIES, report_address
from sdmx_gateway.web.overview import overview as overview_of
from sdmx_gateway.web.service import Service
from sdmx_gateway.web.words import LANGUAGES, PARIS, counted, day, figure, language_of, share, words_in

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("sdmx_gateway.web"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STYLE_ELEMENT = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def overview(request: Request) -> Response:
    """The overview, of everything or of one dataflow (``?dataflow=AGENCY:ID(VERSION)``).

    Raises:
        UnknownArtefact: there is no such dataflow.

    """
    service: Service = request.app.state.service
    language = language_of(request)
    only = request.query_params.get("dataflow") or None
    view = overview_of(service.gateway, language=language, only=only)
    content = _ENVIRONMENT.get_template("overview.html").render(
        language=language,
        other=_other(language),
        words=words_in(language),
        view=view,
        only=only,
        now=service.gateway.now(),
        severities=SEVERITIES,
        paris=PARIS,
        **{said.__name__: partial(said, language=language) for said in (figure, counted, day, share)},
        report_address=report_address,
    )
    return _html(content, language)


def findings(request: Request) -> Response:
    """The validation report kept with a release, with a way back; of a release that may be seen only.

    Raises:
        UnknownRelease: there is none.

    """
    service: Service = request.app.state.service
    language = language_of(request)
    asked = request.path_params
    for release in service.gateway.releases():
        flow = release.dataflow
        wanted = (asked["agency"], asked["id"], asked["version"], asked["number"])
        if (flow.agency, flow.id, flow.version, release.number) == wanted:
            report = Report.from_dict(service.gateway.release_document(release)["report"])
            content = report_page.write(report, service.gateway.catalogue, language=language)
            way_back = _ENVIRONMENT.get_template("way_back.html").render(
                language=language, other=_other(language), words=words_in(language), release=release, figure=figure
            )
            page = content.replace("<body>", f"<body>\n{way_back}", 1)
            return _html(page, language, policy=_policy_for(page))
    raise UnknownRelease(f"{asked['agency']}:{asked['id']}({asked['version']}) has no release {asked['number']}")


def _other(language: str) -> str:
    return next(other for other in LANGUAGES if other != language)


def _html(content: str, language: str, *, policy: str | None = None) -> Response:
    headers = {"Content-Language": language, "Vary": "Accept-Language"}
    if policy is not None:
        headers["Content-Security-Policy"] = policy
    return Response(content, media_type="text/html; charset=utf-8", headers=headers)


def _policy_for(content: str) -> str:
    """The policy of every page, allowing this page's own style sheet by its digest (CSP 3, hash sources)."""
    digests = (hashlib.sha256(style.encode()).digest() for style in _STYLE_ELEMENT.findall(content))
    sources = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return HEADERS["Content-Security-Policy"].replace("style-src 'self'", f"style-src 'self' {sources}".rstrip())
