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
    query: tuple[str, ...] = ()  # keys that its address may have; others are taken out, see pages/shared/address.py
    several: tuple[str, ...] = ()  # of them those that it may have several times, all of which count

    @property
    def path(self) -> str:
        return str(FOLDER / self.file)


VIEW = "view"  # in an address: a view that was saved

OVERVIEW = PageSpec("overview.py", "Overview", ":material/dashboard:", "", "What runs now, what came out last.")
LAUNCH = PageSpec(
    "launch.py",
    "Launch",
    ":material/rocket_launch:",
    "launch",
    "Configure a training and start it.",
    ("preset", "from", "finetune", "compress", "method", "dataset", "set", "vary", "draft"),
    several=("set", "vary"),
)
SCRIPT = PageSpec(
    "script.py",
    "Script",
    ":material/terminal:",
    "script",
    "Launch your own script, as it is.",
    ("from", "script_way", "script_folder"),
)
RUNS = PageSpec(
    "runs.py",
    "Runs",
    ":material/table_rows:",
    "runs",
    "Every run: search, sort, tag, stop, delete.",
    ("search", "state", "experiment", "tag", "trash", "sort", "order", "page", "size", "columns", VIEW),
    several=("state", "experiment", "tag", "columns"),
)
_OF_A_RUN = ("run_view", "run_x", "run_log", "run_smooth", "run_config")
_OF_ITS_EVALUATION = ("run_true", "run_predicted", "run_shares", "run_label", "run_label_true", "run_label_given")
RUN = PageSpec(
    "run.py",
    "Run",
    ":material/monitoring:",
    "run",
    "One run in full: live curves, config, log, files.",
    ("id", "run", *_OF_A_RUN, *_OF_ITS_EVALUATION),
)
SWEEPS = PageSpec(
    "sweeps.py",
    "Sweeps",
    ":material/travel_explore:",
    "sweeps",
    "Searches over configs, and what they found.",
    ("sweep", "picture", VIEW),
)
_CURVES = ("metrics", "x", "smooth", "log", "group", "groups", "folds", "centre", "band")
_TABLES = ("all", "by", "param", "metric", "value", "colour", "axes", "answers", "one", "other", "flips", "on")
COMPARE = PageSpec(
    "compare.py",
    "Compare",
    ":material/compare_arrows:",
    "compare",
    "Runs side by side.",
    ("runs", *_CURVES, *_TABLES, VIEW),
    several=("metrics", "groups", "axes"),
)
EXPERIMENTS = PageSpec(
    "experiments.py",
    "Experiments",
    ":material/science:",
    "experiments",
    "What was found, and what each param did.",
    ("name", "experiment", "data", "by", VIEW),
)
REPORTS = PageSpec(
    "reports.py",
    "Reports",
    ":material/article:",
    "reports",
    "What was found out, in words, with panels; saved views.",
    ("report", "version", "edit"),
)
IMPORT = PageSpec(
    "imports.py",
    "Import",
    ":material/move_to_inbox:",
    "imports",
    "Runs of other tools come over.",
    ("import_source", "import_path"),
)
MODELS = PageSpec(
    "models.py",
    "Models",
    ":material/deployed_code:",
    "models",
    "Trained models: versions, champions, origins.",
    ("model", "version", "models_view"),
)
DATASETS = PageSpec(
    "datasets.py",
    "Datasets",
    ":material/database:",
    "datasets",
    "Every data set: what is in it; add one of your own.",
    ("dataset", "add"),
)
SYSTEM = PageSpec(
    "system.py", "System", ":material/memory:", "system", "Host, slots, disk, versions, checks.", ("system_live",)
)

PAGES = (OVERVIEW, LAUNCH, SCRIPT, RUNS, RUN, COMPARE, EXPERIMENTS, SWEEPS, REPORTS, MODELS, DATASETS, IMPORT, SYSTEM)


def page_at(url_path: str) -> PageSpec:
    return next(page for page in PAGES if page.url_path == url_path)
