"""The first page."""

from litestar import Request, get
from litestar.response import Redirect


@get("/", include_in_schema=False)
async def show_home(request: Request) -> Redirect:
    """Home is the customers."""
    return Redirect("/customers", status_code=303)


routes = [show_home]
