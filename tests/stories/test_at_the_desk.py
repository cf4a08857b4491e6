"""A day at the desk without a mouse: a mail is taken up, answered, taken back; what comes while one writes is shown."""

import subprocess
import sys
from contextlib import ExitStack
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.stories.conftest import _ENVIRONMENT, PASSWORD, Shop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
_SENT = iter(range(1, 1000))


@pytest.fixture(scope="module")
def writes(opened_shop: tuple[ExitStack, Shop], data_dir: Path):
    """Somebody writes a mail to the mailbox."""

    shop = opened_shop[1]

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "fadeno", *arguments, "--data-dir", str(data_dir)]
        done = subprocess.run(
            command, input="", capture_output=True, text=True, env=_ENVIRONMENT, timeout=60, check=True
        )
        return done.stdout.strip()

    run(
        "channels",
        "add",
        "email",
        "Service",
        "--set",
        "address=service@lumo.example",
        "--set",
        "smtp_host=mail.invalid:25",
        "--test",
    )
    by = {"authorization": f"Bearer {run('keys', 'create', '--scope', 'admin', 'desk story')}"}
    (mailbox,) = httpx.get(f"{shop.address}/api/channels", headers=by).json()["items"]

    def write(subject: str, text: str, *, answers: str = "") -> str:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "Eve Desk <eve@home.example>", "service@lumo.example", subject
        mail["Message-ID"] = f"<desk-{next(_SENT)}@home.example>"
        if answers:
            mail["In-Reply-To"] = mail["References"] = answers
        mail.set_content(text)
        url = f"{shop.address}/hooks/email/{mailbox['id']}"
        assert httpx.post(url, content=mail.as_bytes(), headers=by).status_code == 200
        return mail["Message-ID"]

    return write


def test_a_mail_is_answered_by_keyboard_and_nothing_is_lost_or_said_blindly(page: Page, shop: Shop, writes):
    first = writes("The lamp hums", "It hums at night. <b>Please</b> help.")
    page.goto(f"{shop.address}/desk?view=unassigned")
    row = page.locator(".item", has_text="The lamp hums")
    expect(row).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#thread")).to_contain_text("It hums at night. <b>Please</b> help.")
    page.keyboard.press("a")
    expect(page.locator("#case-head")).to_contain_text("ana")

    page.keyboard.press("r")
    page.keyboard.type("I'll call you back tomorrow at 10:00.")
    expect(page.locator("#draft-state")).to_have_text("kept")
    expect(page.locator("#proposed")).to_contain_text("Call back")
    page.keyboard.press("Alt+p")
    writes("Re: The lamp hums", "Never mind, it stopped.", answers=first)
    expect(page.locator("#thread")).to_contain_text("it stopped")
    expect(page.locator("#say")).to_have_value("I'll call you back tomorrow at 10:00.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#say-status")).to_contain_text("Never mind, it stopped.")
    expect(page.get_by_role("button", name="I have read it, send")).to_be_focused()
    page.keyboard.press("Enter")
    bubble = page.locator("#thread .us", has_text="I'll call you back")
    expect(bubble).to_contain_text("waits to leave")
    expect(page.locator("#side")).to_contain_text("Call back")

    page.keyboard.press("Escape")
    page.keyboard.press("u")
    expect(bubble).to_contain_text("taken back")
    expect(page.locator("#say")).to_have_value("I'll call you back tomorrow at 10:00.")
    expect(page.locator("#side .promise.gone")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator("#case-head")).to_contain_text("settled")
    page.reload()
    expect(page.locator("#say")).to_have_value("I'll call you back tomorrow at 10:00.")


def test_what_is_being_written_outlives_the_session(page: Page, shop: Shop, writes, complaints):
    writes("The shade is torn", "It came torn.")
    page.goto(f"{shop.address}/desk?view=all")
    page.locator(".item", has_text="The shade is torn").locator(".whole-row").click()
    expect(page.locator("#thread")).to_contain_text("It came torn.")
    case = page.url
    page.context.clear_cookies()
    page.route("**/api/cases/*/draft", lambda route: route.abort())
    page.locator("#say").fill("I send you a new shade")
    page.unroute("**/api/cases/*/draft")
    page.goto(f"{shop.address}/sign-in")
    page.get_by_label("E-mail").fill("ana@lumo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/customers")
    page.goto(case)
    expect(page.locator("#say")).to_have_value("I send you a new shade")
    expect(page.locator("#draft-state")).to_have_text("kept")
    complaints.clear()


def test_duty_and_many_cases_go_by_keyboard(page: Page, shop: Shop, writes):
    writes("A knob is missing", "No knob.")
    page.goto(f"{shop.address}/desk?view=all")
    expect(page.locator(".item", has_text="A knob is missing")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#bulk")).to_contain_text("1 chosen")
    page.keyboard.press("x")
    expect(page.locator("#bulk")).to_be_hidden()
    page.get_by_role("button", name="On duty").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".toasts")).to_contain_text("You are given no cases now.")
