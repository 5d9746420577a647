"""When a page is at rest: the script run that the last action asked for has ended, and what it drew can be seen.

Streamlit's own mark, `data-test-script-state`, still says "notRunning" after a click until the server's answer comes.
So the browser's messages are followed: each that asks for a run is preceded by one that flips a switch of the session,
which runs nothing here, and which the server reports in the order of its messages. The first run that begins after
the flip was reported is the one asked for, or a later one.
"""

import itertools
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError

# Numbers are those of fields in Streamlit's BackMsg, ClientState, ForwardMsg and SessionStatus.
_FOLLOWED = """(() => {
    const fields = bytes => {
        const found = new Map()
        let at = 0
        const integer = () => {
            for (let value = 0, scale = 1; ; scale *= 128) {
                const byte = bytes[at++]
                value += (byte & 127) * scale
                if (byte < 128) return value
            }
        }
        while (at < bytes.length) {
            const tag = integer(), number = Math.floor(tag / 8), kind = tag % 8
            if (kind === 0) found.set(number, integer())
            else if (kind === 2) {
                const end = integer() + at
                found.set(number, bytes.subarray(at, end))
                at = end
            } else at += kind === 1 ? 8 : 4
        }
        return found
    }
    const [RERUN, SWITCH, BY_TIMER, FRAGMENT] = [11, 6, 6, 5]
    const [STARTED, FINISHED, STATUS, IS_ON] = [4, 6, 9, 1]
    const EARLY = 2
    const idle = () => new Promise(resolve => requestIdleCallback(resolve, { timeout: 1000 }))
    // A page of which nothing is to be drawn anew may wait for its next frame for ever.
    const frame = () => new Promise(resolve => {
        requestAnimationFrame(resolve)
        setTimeout(resolve, 1000)
    })
    const rest = () => idle().then(frame).then(idle)
    const asked = (window.asked = {
        isDone: false,
        // Whether the page had nothing left to do since this was first called with this number.
        rested(number) {
            if (number !== asked.number) {
                Object.assign(asked, { number, hasRested: false })
                rest().then(() => (asked.hasRested ||= number === asked.number))
            }
            return asked.hasRested
        },
    })

    window.WebSocket = class extends WebSocket {
        flips = 0
        reported = 0
        isOn = false

        constructor(...args) {
            super(...args)
            this.addEventListener("message", event => this.hear(fields(new Uint8Array(event.data))))
        }

        send(data) {
            const rerun = fields(new Uint8Array(data)).get(RERUN)
            if (rerun && !fields(rerun).get(BY_TIMER)) {
                super.send(new Uint8Array([8 * SWITCH, ++this.flips % 2]))
                this.hasBegun = asked.isDone = false
                this.isOfFragment = fields(rerun).has(FRAGMENT)
            }
            super.send(data)
        }

        hear(told) {
            const wasReported = this.reported === this.flips
            if (told.has(STATUS)) {
                const isOn = Boolean(fields(told.get(STATUS)).get(IS_ON))
                if (isOn !== this.isOn) this.reported++
                this.isOn = isOn
            }
            if (!this.flips || this.reported !== this.flips) return
            if (told.has(STARTED)) this.hasBegun = true
            if (told.has(FINISHED) && told.get(FINISHED) !== EARLY && this.hasBegun) this.drawn()
            // The server runs nothing for a fragment that is gone.
            const flips = this.flips
            const isGone = () => flips === this.flips && !this.hasBegun
            if (!wasReported && this.isOfFragment) setTimeout(() => isGone() && this.drawn(), 5000)
        }

        // Done when it is drawn, unless more was asked in the meantime.
        async drawn() {
            const flips = this.flips
            await rest()
            asked.isDone ||= flips === this.flips
        }
    }
})()"""

# What a key or a click has begun asks the server only some of the page's own steps later.
_UNSETTLED = """number => {
    const seen = selector => [...document.querySelectorAll(selector)].filter(element => element.checkVisibility());
    const app = document.querySelector('[data-testid="stApp"]');
    const named = elements => elements.map(element => element.closest('[class*="st-key-"]')?.className
        ?? element.dataset.testid ?? element.className);
    return Object.entries({
        page: window.asked.rested(number) ? [] : ["is at work"],
        server: window.asked.isDone ? [] : ["has not answered"],
        script: app?.getAttribute("data-test-script-state") === "notRunning" ? [] : ["runs"],
        stale: named(seen('[data-testid="stStatusWidget"], [data-testid="stSkeleton"], [data-stale="true"]')),
        charts: seen('[data-testid="stPlotlyChart"], .chart').filter(element => !element.querySelector("svg")).map(
            element => `${named([element])} is ${element.dataset.state} ${element.textContent}`),
        tables: named(seen('[data-testid="stDataFrame"]').filter(element => !element.querySelector("canvas"))),
    }).filter(([, left]) => left.length).map(([kind, left]) => `${kind}: ${left.join(", ")}`);
}"""
_NUMBERS = itertools.count(1)


def opened(browser: Browser, **options: Any) -> BrowserContext:
    """A context whose pages can be `settled`; `options` are those of `Browser.new_context`."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}} | options)
    context.add_init_script(_FOLLOWED)
    return context


def settled(page: Page) -> None:
    """Wait until what the last action asked for has run and what can be seen is drawn: every chart, every table.

    Raises AssertionError that says what is not at rest where that takes longer than the page's patience.
    """
    page.wait_for_selector("h1")
    number = next(_NUMBERS)
    try:
        page.wait_for_function(f"number => !({_UNSETTLED})(number).length", arg=number, polling=20)
    except TimeoutError as error:
        raise AssertionError(f"{page.url} does not settle: {page.evaluate(_UNSETTLED, number)}") from error
