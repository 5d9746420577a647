"""Keys of what a session remembers beside its widgets; a page's keys begin with its name."""

LAUNCH_RAW = "launch_raw"  # the config being edited, as JSON data: right or wrong
LAUNCH_ORIGIN = "launch_origin"  # draft.Origin: what it started from
LAUNCH_UPLOADS = "launch_uploads"  # number of files taken in, which gives each upload widget a key of its own
LAUNCH_UPLOAD_ERROR = "launch_upload_error"  # why the last file was refused
LAUNCH_RUNS = "launch_runs"  # numbers of the runs launched last
LAUNCH_REFUSED = "launch_refused"  # the error for which the last click on Launch queued nothing
LAUNCH_SEEN = "launch_seen"  # (config, Inspection) of the last answer of the standby
ADDRESS_UNUSED = "address_unused"  # address: what of its address the page could not use
STORE_FAILED = "store_failed"  # whether the store could not be used while the page was drawn
LAUNCH_ASKED = "launch_asked"  # time at which the standby was asked what it has not answered yet
LAUNCH_TRIED = "launch_tried"  # (key of the question, Preflight) of the last trial that was answered
LAUNCH_TRYING = "launch_trying"  # key of the trial that is awaited
LAUNCH_SWITCHED = "launch_switched"  # why another architecture was chosen with other data
LAUNCH_CHOOSING = "launch_choosing"  # whether the cards to start from are open
LAUNCH_LABELS = "launch_labels"  # labels.Labels: what is given to the runs beside their config
LAUNCH_LABELLED = "launch_labelled"  # the draft.Origin whose experiment and tags were taken over
LAUNCH_SHOWN = "launch_shown"  # seeding.Shown: the values that the page gave its widgets
LAUNCH_DRAWN = "launch_drawn"  # names of those of them that are drawn
LAUNCH_GIVEN = "launch_given"  # labels.Labels as the page gave them
LAUNCH_WRONG = "launch_wrong"  # why what an address named was not started from
LAUNCH_TOLD = "launch_told"  # the page's address, as the session told it the browser last
LAUNCH_LEFT = "launch_left"  # addresses that the browser may still name, though the session has left them
LAUNCH_DRAFT = "launch_draft"  # name of the draft that is kept
LAUNCH_OWN = "launch_own"  # whether it is this session's own, and not one it began from
LAUNCH_KEPT = "launch_kept"  # what of it was kept last
LAUNCH_SWEEP = "launch_sweep"  # whether a sweep is to be begun in place of runs
LAUNCH_VARIED = "launch_varied"  # by path of a field that is varied, its range in words
LAUNCH_SWEPT = "launch_swept"  # number of the sweep that was begun last, or the error for which none was

DATASETS_NOTICE = "datasets_notice"  # what the last action did
DATASETS_INBOX = "datasets_inbox"  # Inbox: where what the session uploads lies, as long as the session
DATASETS_UPLOAD = "datasets_upload"  # Upload: what lies in it
DATASETS_GIVEN = "datasets_given"  # key of the file or folder for which the name was proposed
DATASETS_TYPES = "datasets_types"  # types of the columns of the file that is given, as chosen
DATASETS_LOOKS = "datasets_looks"  # by what was asked, previews or DataErrors of the last looks into tables
DATASETS_SHEETS = "datasets_sheets"  # key of the workbook that was looked at last, and its sheets
DATASETS_PREVIEW = "datasets_preview"  # (what was asked, preview or DataError) of the last look into a file
# Widgets of the form that adds a data set:
DATASETS_KIND = "datasets_kind"
DATASETS_PLACE = "datasets_place"
DATASETS_PATH = "datasets_path"
DATASETS_NAME = "datasets_name"

IMPORT_FOUND = "import_found_runs"  # (Given, previews): what was looked at last
IMPORT_REPORT = "import_report"  # of the last import
SCRIPT_VARIED = "script_varied"  # behind it a form's key: by parameter that is varied, its range in words
SCRIPT_SWEEP = "script_sweep"  # behind it a form's key: whether a sweep is to be begun in place of runs
SCRIPT_SWEPT = "script_swept"  # number of the sweep that was begun last, or the error for which none was
SCRIPT_LAUNCHED = "script_launched"  # numbers of the runs that were launched and are not looked at yet
SCRIPT_TAKEN = "script_taken"  # (id of an upload, snapshots.Taken): the zip that was kept last
SCRIPT_FETCHED = "script_fetched"  # ((address, revision), Taken) of the git address that was fetched last

RUN_ENLARGED = "run_enlarged"  # base metric of the chart that is drawn large, None for none
RUN_TRIED = "run_tried"  # ((run, checkpoint, input, None), Prediction) of the last answer on Try it
RUN_EXPLAINED = "run_explained"  # the same of the last explained one, with what was asked in place of None

COMPARE_EXAMPLE = "compare_example_number"  # which test example two runs are asked about; behind it their answers

RUN_IMPORTANCE = "run_importance"  # why what the network goes by cannot be found out

MODELS_INBOX = "models_inbox"  # Inbox: where a network's file lies that the session uploads
MODELS_UPLOAD = "models_upload"  # Upload: what lies in it
SWEEPS_NOTICE = "sweeps_notice"  # (kind, text): what the last action did
MODELS_NOTICE = "models_notice"  # (kind, text): what the last action did
REPORTS_NOTICE = "reports_notice"  # (kind, text): what the last action did
REPORTS_DRAFT = "reports_draft"  # what is written of a report and not saved yet
REPORTS_EXPORT = "reports_export_file"  # (report, version, HTML): the one whose panels were drawn for a file last
REPORTS_ADDED = "reports_added"  # number of the report that took something in last
VIEWS_FAILED = "views_failed"  # why a view was not found, or not saved
