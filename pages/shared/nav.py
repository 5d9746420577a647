"""Every page, once: navigation, links between pages and the test that opens them all read this list."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[1]


@dataclass(frozen=True)
class PageSpec:
    file: str  # in pages/
    title: str
    icon: str
    url_path: str
    blurb: str  # one sentence: what the page is for

    @property
    def path(self) -> str:
        return str(FOLDER / self.file)


OVERVIEW = PageSpec("overview.py", "Overview", ":material/dashboard:", "", "What runs now, what came out last.")
LAUNCH = PageSpec("launch.py", "Launch", ":material/rocket_launch:", "launch", "Configure a training and start it.")
SCRIPT = PageSpec("script.py", "Script", ":material/terminal:", "script", "Launch your own script, as it is.")
RUNS = PageSpec("runs.py", "Runs", ":material/table_rows:", "runs", "Every run: search, sort, tag, stop, delete.")
RUN = PageSpec("run.py", "Run", ":material/monitoring:", "run", "One run in full: live curves, config, log, files.")
SWEEPS = PageSpec(
    "sweeps.py", "Sweeps", ":material/travel_explore:", "sweeps", "Searches over configs, and what they found."
)
COMPARE = PageSpec("compare.py", "Compare", ":material/compare_arrows:", "compare", "Runs side by side.")
EXPERIMENTS = PageSpec(
    "experiments.py", "Experiments", ":material/science:", "experiments", "What was found, and what each param did."
)
REPORTS = PageSpec(
    "reports.py", "Reports", ":material/article:", "reports", "What was found out, in words, with panels; saved views."
)
IMPORT = PageSpec("imports.py", "Import", ":material/move_to_inbox:", "imports", "Runs of other tools come over.")
MODELS = PageSpec(
    "models.py",
    "Models",
    ":material/deployed_code:",
    "models",
    "Trained models: versions, champions, origins.",
)
DATASETS = PageSpec(
    "datasets.py", "Datasets", ":material/database:", "datasets", "Every data set: what is in it; add one of your own."
)
SYSTEM = PageSpec("system.py", "System", ":material/memory:", "system", "Host, slots, disk, versions, checks.")

PAGES = (OVERVIEW, LAUNCH, SCRIPT, RUNS, RUN, COMPARE, EXPERIMENTS, SWEEPS, REPORTS, MODELS, DATASETS, IMPORT, SYSTEM)


def page_at(url_path: str) -> PageSpec:
    return next(page for page in PAGES if page.url_path == url_path)
