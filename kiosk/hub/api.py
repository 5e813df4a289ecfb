"""What holds for every answer beneath /api: JSON as openapi.yaml describes it, and a refusal for whatever goes wrong."""

from __future__ import annotations

from importlib.resources import files

from flask import Request, Response
from werkzeug.exceptions import HTTPException, MethodNotAllowed, UnsupportedMediaType

from kiosk.callbacks import wire

API = "/api/"
JSON = "application/json"


def read_description() -> bytes:
    """Return the OpenAPI file that describes every path beneath API."""
    return files("kiosk.hub").joinpath("openapi.yaml").read_bytes()


def answer(message: object, status: int = 200) -> Response:
    """Return a message of `wire` as an answer."""
    return Response(wire.encode(message), status, content_type=JSON)


def refuse(status: int, error: str, says: str) -> Response:
    """Return a refusal: a short word for programs, a sentence for people, and nothing of what was sent."""
    return answer(wire.Refusal(1, error, says), status)


def refuse_http(why: HTTPException) -> Response:
    """Return the refusal that says what werkzeug found wrong."""
    refusal = refuse(why.code or 500, "not-taken", f"This request was not taken: {why.name}.")
    if isinstance(why, MethodNotAllowed):
        refusal.headers["Allow"] = ", ".join(sorted(why.valid_methods or ()))
    return refusal


def body_of(request: Request, most: int) -> bytes:
    """Return the body as it came. Raises RequestEntityTooLarge over `most` bytes, UnsupportedMediaType if not JSON."""
    said = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype != JSON or said != "utf-8" or request.content_encoding:
        raise UnsupportedMediaType
    request.max_content_length = most
    return request.get_data(cache=False)
