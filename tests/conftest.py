"""Fixtures that tests share: databases, the running product, a browser."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.needs import BROWSER_ARGUMENTS, find_chromium, find_postgres, playwright_node
from tests.postgres import PostgresCluster, started
from tests.product_process import use_template
from tests.server_process import Server
from tests.waiting import WITHIN

settings.register_profile("pleniere", deadline=None)  # a test must not fail because the machine is busy
settings.load_profile("pleniere")
expect.set_options(timeout=WITHIN * 1000)


SLOW_SECONDS, BROWSER_SECONDS = 10, 2


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks browser tests and puts them last, since other tests find mistakes faster.

    If several processes share the test files, the longest files come first, so that no process has a long one left at
    the end.
    """
    for item in items:
        if "playwright_browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
    if hasattr(config, "workerinput"):
        seconds = Counter[Path]()
        for item in items:
            seconds[item.path] += _seconds(item)
        items.sort(key=lambda item: -seconds[item.path])
    else:
        items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def _seconds(item: pytest.Item) -> int:
    """Roughly how many seconds a test takes: as many as its marker `slow(60)` says, ten with `slow` alone, next to none
    for most others.
    """
    slow = item.get_closest_marker("slow")
    own = int(slow.args[0]) if slow is not None and slow.args else SLOW_SECONDS * (slow is not None)
    return max(own, BROWSER_SECONDS * (item.get_closest_marker("browser") is not None))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Tests marked `anyio` run on asyncio, as the product does."""
    return "asyncio"


# Databases


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    binaries = find_postgres()
    assert binaries, "no PostgreSQL found: `python3 run.py test` sets one up"
    with started(binaries) as cluster:
        yield cluster


@pytest.fixture
def postgres_url(postgres: PostgresCluster) -> Iterator[str]:
    """A new, empty PostgreSQL database, as an address for SQLAlchemy."""
    with postgres.database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a new database, for SQLAlchemy: each test runs once on a SQLite file and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'pleniere.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


# The product


@pytest.fixture(scope="session", autouse=True)
def forked_processes() -> Iterator[None]:
    """Forks processes of the product from one that has its modules loaded already, see `tests.product_process`."""
    with use_template():
        yield


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers for one test only, for instance to kill them: `start_server(database=url, data=folder,
    workers=2)`.
    """
    with ExitStack() as stack:

        def start(*, demo: bool = True, database: str = "", data: Path | None = None, workers: int = 1) -> Server:
            server = Server(data or tmp_path / "data", demo=demo, database=database, workers=workers)
            stack.callback(server.kill)
            server.start()
            return server

        yield start


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the demonstration congress, shared by the whole run: tests may add to it but not remove
    anything.
    """
    running = Server(tmp_path_factory.mktemp("server") / "data")
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def node() -> str:
    """The Node that built the client, for tests that drive npm packages."""
    found = shutil.which("node")
    assert found, "no Node on the path: start the tests with `python3 run.py test`"
    return found


# The browser


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = find_chromium()
    assert found, "no Chromium found: `python3 run.py test` sets one up"
    return found


@pytest.fixture(scope="module")
def playwright_browser(chromium: Path) -> Iterator[Browser]:
    """A browser for each test file. Playwright runs an event loop in this thread, so `asyncio.run` fails here until the
    browser is closed.
    """
    playwright_node()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(BROWSER_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def new_context(playwright_browser: Browser, server: Server) -> Iterator[Callable[..., BrowserContext]]:
    """Opens separate browser contexts, one per person: `new_context(viewport={"width": 360, "height": 740})`. Relative
    addresses are those of `server`.
    """
    with ExitStack() as stack:

        def make(**options: object) -> BrowserContext:
            settings: dict[str, object] = {"base_url": server.url, "locale": "fr-FR", "timezone_id": "Europe/Paris"}
            context = patient(playwright_browser.new_context(**(settings | options)))  # type: ignore[arg-type]
            stack.callback(context.close)
            return context

        yield make


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A visitor's page; an uncaught error or a violation of the content security policy fails the test."""
    opened = new_context().new_page()
    problems = watched(opened)
    yield opened
    assert problems == []


@pytest.fixture
def sign_in(new_context: Callable[..., BrowserContext], server: Server) -> Callable[..., Page]:
    """Invites a new person and returns a page signed in as them: `sign_in("elu", "Ada Martin", viewport=…)`."""

    def enter(role: str, name: str, **options: object) -> Page:
        opened = new_context(**options).new_page()
        opened.goto(server.invite(role, name))
        opened.wait_for_url("**/c/demo/**")
        return opened

    return enter


def patient(context: BrowserContext) -> BrowserContext:
    """
    Makes the pages of a context wait up to `WITHIN` seconds, and returns it. Nothing is pressed in a page that is
    sending a form: the page that answers it is about to take its place, with everything that was opened in it.
    """
    context.set_default_timeout(WITHIN * 1000)
    context.on("page", lambda page: page.add_locator_handler(page.locator("button[aria-busy=true]"), lambda: None))
    return context


def watched(page: Page) -> list[str]:
    """The list to which errors of a page are added: uncaught ones, and violations of the content security policy."""
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
    return problems
