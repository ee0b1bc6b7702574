### The pack in English. A sentence with a number is one message. Group comments: draft, reviewed, or source for the language first written in.

## source: written in this language, so nothing to translate

# Cover, header, footer
pack-name = Manumix monitoring
document-title = Manumix monitoring: { $quarter } ({ $status })
council = Innovation Advisory Council for Wales
quarter-long = Quarter { $number }, { $year }
quarter-header = { $quarter } ({ $months })
months-1 = April to June { $year }
months-2 = July to September { $year }
months-3 = October to December { $year }
months-4 = January to March { $year }
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
word-provisional = provisional
word-final = final
status-box-provisional = Provisional [p]
status-box-final = Final
remark-illustrative = Illustrative figures
fact-status = Status
fact-provisional = Provisional [p].
fact-final = Final.
fact-illustrative = Illustrative figures.
fact-rehearsal = Rehearsal: built under a fixed clock.
fact-as-of = Data as at
fact-edition = Edition
fact-edition-value = { $edition }, version { $version }, snapshot { $snapshot }
fact-marking = Marking
fact-marking-value = Official
fact-owner = Owner
fact-owner-value = Innovation, Welsh Government
welcome = We welcome correspondence in Welsh. We will reply in Welsh, and this will not lead to delay.
footer = Innovation Advisory Council for Wales. Data as at { $date }. Edition { $edition }, version { $version }
page-of = Page { $page } of { $pages }
not-available = Not available in this edition [x].

# Status words
status-on-track = On track
status-at-risk = At risk
status-off-track = Off track
status-no-target = No target

# Sections
section-headlines = Headlines
section-status = Status against plan
section-diagnostics = Action 1: diagnostics
section-maturity = Action 2: maturity and evaluation
section-instruments = Action 3: instruments
section-productivity = Productivity context
section-quality = Data quality statement
section-methods = Methods and parameters
section-glossary = Glossary and marks

# Headlines
headlines-title =
    { $on ->
        [0] None of the { $all_text } measures with a plan is on track
        [1] { $all ->
                [1] The one measure with a plan is on track
               *[other] One of the { $all_text } measures with a plan is on track
            }
       *[other] { $on_text } of the { $all_text } measures with a plan are on track
    }
headlines-title-no-targets = What the programme has reached to date
headlines-note = Lines show the last eight quarters (all years for GVA per hour). Dashed line and diamond: target or profile to date. On track is { $on_track }% of profile or more, At risk { $at_risk }% to { $on_track }%, Off track below { $at_risk }%.
note-count-rounding = Counts are rounded to the nearest { $base }, so figures may not sum.
name-d01 = { $short }
name-d02 = { $short }, diagnostics
name-m02 = { $short }
name-d06-approved = { $short }
name-d06-committed = Grant committed to vouchers
name-o01 = { $short }
name-o03 = { $short }
name-g06 = GVA per hour, West Wales and the Valleys
unit-smes =
    { $count ->
        [1] SME
       *[other] SMEs
    }
unit-enterprises =
    { $count ->
        [1] enterprise
       *[other] enterprises
    }
unit-vouchers =
    { $count ->
        [1] voucher
       *[other] vouchers
    }
unit-of-distance = of the distance
unit-of-budget = of the budget
unit-gbp = £
unit-per-cent = %
unit-people = people
unit-fte = FTE
unit-jobs = jobs
unit-patents = patents
unit-projects = projects
unit-actions = actions
unit-plans = plans
unit-gbp-million = £ million
unit-eur = €
unit-per-cent-a-year = % a year
unit-levels = levels
unit-gbp-per-hour = £ per hour
unit-gbp-per-job = £ per job
unit-gbp-per-fte = £ per FTE
unit-gbp-per-person = £ per person
unit-index-uk-100 = UK = 100
unit-points = points
unit-log-points = log points
unit-ratio = ratio
unit-score = score, 0 to 100
unit-days = days
unit-minutes = minutes
spark-alt = Line chart of “{ $name }”, the latest figures to date; the newest is { $value }.
target-profile = Profile { $profile }
target-level = Target { $target }
target-final = Target { $target } in the end
target-annual = Annual (ONS), { $year }
change-quarter = { $change } on quarter
change-year = { $change } on year
change-quarter-points = { $change } points on quarter
change-year-points = { $change } points on year
change-since-year-points = { $change } points on { $year }
sentence-d01 = Of these, { $wwv } are in West Wales and the Valleys.
sentence-d01-plain = Each SME is counted once, at its first diagnostic.
sentence-d02 = { $spend } of { $budget } spent on diagnostics, VAT included.
sentence-d02-plain = Spending on diagnostics as a share of its budget.
sentence-m02-plain = How far firms assessed twice have come towards their target levels.
sentence-d06-approved = { $quarter } approved in this quarter.
sentence-d06-approved-plain = All schemes together, by date of decision.
sentence-d06-committed = { $quarter } accepted by firms in this quarter.
sentence-d06-committed-plain = All schemes together, by date of acceptance.
sentence-o01 = { $quarter } had support in this quarter; each counts once in the total.
sentence-o01-plain = Each counts once, however many kinds of support it had.
sentence-o03 = { $quarter } had such a result verified in this quarter.
sentence-o03-plain = Results that the programme has verified.
sentence-g06-up = Up from { $before } in { $year }; the UK is 100.
sentence-g06-down = Down from { $before } in { $year }; the UK is 100.
sentence-g06-same = Unchanged from { $before } in { $year }; the UK is 100.
sentence-g06-plain = Output per hour worked compared with the UK.

# Status against plan
status-title = How each measure stands against its plan
status-standfirst = Furthest behind: { $name }, at { $share } of what was planned to date.
status-table-title = Reached and planned to date
status-table-subtitle = Wales, from January 2019 to the end of { $quarter }
status-note = [z] not applicable: no plan is set. A budget is on track within the same distance above or below its profile. Shares are worked out before rounding.
column-measure = Measure
column-action = Action
column-unit = Unit
column-to-date = To date
column-due = Planned
column-share-of-plan = % of plan
column-status = Status

# Diagnostics
diagnostics-title = { $value } of { $target } SMEs have had a diagnostic
diagnostics-title-no-target = { $value } SMEs have had a diagnostic
diagnostics-title-none = SMEs that received a diagnostic
diagnostics-chart-title = Diagnostics stand at { $share } of the number planned to date
diagnostics-chart-title-plain = Diagnostics to date, quarter by quarter
diagnostics-chart-subtitle = SMEs with a reported diagnostic, cumulative, Wales, { $from } to { $to }
diagnostics-chart-alt = Line chart of SMEs with a reported diagnostic, cumulative, Wales, { $from } to { $to }. { $value } were reached and { $profile } planned. Table follows.
diagnostics-chart-alt-no-profile = Line chart of SMEs with a reported diagnostic, cumulative, Wales, { $from } to { $to }. { $value } were reached. Table follows.
visits-on-site = visits on site
visits-remote = remote visits [b]
word-achieved = achieved
word-profile = profile
row-achieved = Achieved
row-profile = Profile
row-share-of-profile = % of profile
note-break-remote = [b] break in series: remote visits from 1 April 2020.
authority-chart-title = { $wwv } of the { $total } diagnostics were in West Wales and the Valleys
authority-chart-subtitle = SMEs with a reported diagnostic by local authority, to the end of { $quarter }
authority-chart-alt = Bar chart of SMEs with a reported diagnostic by local authority, Wales, to the end of { $quarter }. { $wwv } of { $total } were in West Wales and the Valleys; the first in order is { $first } with { $value }. Table follows.
key-area = { $area }, { $value }
note-confidential = [c] confidential: cannot be published.
column-authority = Area
column-code = Code
column-region = Region
column-smes = SMEs

# Maturity
maturity-title = Furthest from target: { $first }; { $second }
maturity-title-none = Levels of the 21 components
maturity-chart-title = Firms stand { $mean } levels below target on average across { $count } components
maturity-chart-title-plain = Current and target levels by component
maturity-chart-subtitle = Mean level at first diagnostic, 0 (not started) to 5 (leading), Wales, to { $quarter }. Widest distance first in each group
maturity-chart-alt = Dumbbell chart of mean current and target level by component, Wales, to { $quarter }. The distance is widest for { $first }, { $widest } levels, and narrowest for { $last }, { $narrowest } levels. Table follows.
maturity-chart-alt-plain = Dumbbell chart of mean current and target level by component, Wales, to { $quarter }. Table follows.
maturity-note = Components that do not apply to a firm are left out. Distance is worked out before rounding.
maturity-table-title = Levels of the components as a table
key-blue-line = current level (blue line)
key-red-line = target level (red line)
head-current = current
head-target = target
head-distance = distance
column-component = Component
column-group = Group
column-current = Current
column-target = Target
column-distance = Distance
row-all-components = All components
row-simple-mean = Simple mean
gap-sentence = Firms assessed twice have closed { $value } of the distance from the blue line to the red line.
gap-sentence-none = The share of the distance that firms assessed twice have closed cannot be shown for Wales.
gap-table-title = Distance closed by firms assessed twice
gap-table-subtitle = Share of the distance from blue to red line that is closed, to { $quarter }
gap-note = Only firms assessed twice by the same method are compared. The share may be negative or above 100%.
column-area = Area
column-gap-closed = Closed

# Instruments
instruments-title = { $share } of firms with an action plan have an approved voucher
instruments-title-none = From diagnostic to voucher to result
funnel-chart-title-1 = The step from diagnostic to action plan loses most firms
funnel-chart-title-2 = The step from plan to voucher loses most firms
funnel-chart-title-3 = The step from voucher to project loses most firms
funnel-chart-title-plain = Firms that reached each stage
funnel-chart-subtitle = SMEs that reached each stage by { $date }, all cohorts since January 2019, Wales
funnel-chart-alt = Bar chart of SMEs that reached each stage, Wales, by { $date }. { $first } had a diagnostic, { $voucher } an approved voucher and { $last } a result. Table follows.
funnel-share-head = share of the stage before
funnel-note = A stage counts only if it is dated on or after the stage before. Recent cohorts have had less time.
stage-diagnostic = Diagnostic reported
stage-action-plan = Action plan issued
stage-voucher = Voucher approved
stage-started = Project started
stage-completed = Project completed
stage-outcome = R&D outcome
column-stage = Stage
column-wwv = West Wales and the Valleys
column-ew = East Wales
column-wales = Wales
column-share-before = Share of stage before
vouchers-table-title = { $value } vouchers have been approved
vouchers-table-subtitle = Vouchers approved and grant committed (£) by scheme, to the end of { $quarter }
vouchers-note = WWV is West Wales and the Valleys. Approved by date of decision, committed by date of acceptance.
column-scheme = Scheme
column-vouchers-wwv = Vouchers, WWV
column-vouchers-ew = Vouchers, East Wales
column-vouchers-wales = Vouchers, Wales
column-grant-wwv = Grant £, WWV
column-grant-ew = Grant £, East Wales
column-grant-wales = Grant £, Wales
scheme-iv = Innovation Voucher
scheme-iv-plus = Innovation Voucher Plus
scheme-smart-cymru = SMART Cymru
row-all-schemes = All schemes

# Productivity
productivity-title = Output per hour in West Wales and the Valleys was { $value }% of the UK level in { $year }
productivity-title-none = Productivity of the regions
productivity-standfirst = Official statistics for whole regions, as context. They do not measure the effect of the programme.
productivity-chart-title = West Wales and the Valleys: { $first } in { $from }, { $last } in { $to }
productivity-chart-subtitle = GVA per hour worked, current prices, UK = 100, { $from } to { $to }. Scale starts at { $scale }
productivity-chart-alt = Line chart of GVA per hour worked, UK = 100, by region, { $from } to { $to }. West Wales and the Valleys moved from { $first } to { $last }; East Wales ended at { $east }. Table follows.
productivity-note = Figures are rounded once, to the decimals shown. Prices do not differ by region in these statistics.
table-title-g06-hour = GVA per hour worked, UK = 100
table-subtitle-g06-hour = Index, current prices
table-title-g06-job = GVA per filled job, UK = 100
table-subtitle-g06-job = Index, current prices
table-title-g09 = Gap to the UK in GVA per hour worked
table-subtitle-g09 = Index points below the UK, worked out before rounding
table-title-g03 = GVA per hour worked
table-subtitle-g03 = £ per hour, current prices
table-title-g04 = GVA per filled job
table-subtitle-g04 = £ per job, current prices
source-vintage = Source: ONS, { $vintage }.
source-line = Source: { $source }, snapshot { $snapshot }.
source-snapshot = Source: snapshot { $snapshot }.

# Quality
quality-title = { $share } of delivered rows were refused
quality-title-clean = No delivered row was refused
quality-standfirst =
    { $rows ->
        [0] Every delivered row was accepted
        [1] One row was refused and waits for repair
       *[other] { $rows_text } rows were refused and wait for repair
    }; { $files ->
        [0] no file was refused whole.
        [1] one file was refused whole.
       *[other] { $files_text } files were refused whole.
    }
quality-table-title = Rows delivered, accepted and refused
quality-table-subtitle = All extracts in snapshot { $snapshot }, data as at { $date }
quality-note = Accepted and refused rows add up to the rows delivered. Repaired rows are among the accepted.
column-dataset = Dataset
column-rows-in = Rows
column-accepted = Accepted
column-repaired = Repaired
column-quarantined = Refused
column-quarantined-share = % refused
column-refused-files = Files refused
row-all-datasets = All datasets
suppression-sentence =
    { $count ->
        [0] No cell of the { $cells } cells in this edition is confidential.
        [1] One cell of the { $cells } cells in this edition is confidential [c].
       *[other] { $hidden } of the { $cells } cells in this edition are confidential [c].
    }
breaks-title = Breaks in series in this edition
breaks-subtitle = Marked [b] wherever the series appears
column-from = From
column-break = Break
column-how-to-read = How to read it
break-remote = Remote diagnostic visits
break-remote-reading = Levels scored remotely may differ from those scored on site.

# Methods
methods-title = How the figures are made
methods-period = Figures to date run from 1 January 2019 to the end of the quarter. Quarters are those of the financial year, which starts on 1 April. Diagnostics count where the visit took place, everything else where the firm is registered.
methods-status = A figure is compared with its profile to date: On track from { $on_track }%, At risk from { $at_risk }%, Off track below. A benchmark never gives a status.
methods-disclosure = Figures that could reveal what a firm or a group of firms told us in confidence are replaced by [c], together with as many others as are needed so that none can be worked out from totals.
methods-rounding = Counts are rounded to the nearest { $base } and money in tables to the nearest { $money }. Totals are rounded by themselves, so figures may not sum. Percentages and changes come from unrounded figures. Ties are rounded away from zero.
methods-rounding-ladder = Counts are rounded to steps that grow with their size, and money in tables to the nearest { $money }. Totals are rounded by themselves, so figures may not sum. [low] marks a figure that is rounded to nought and is not nought. Ties are rounded away from zero.
methods-rounding-none = Figures are rounded once, when printed. Percentages and changes come from unrounded figures. Ties are rounded away from zero.
methods-version = Made by mesur { $version } from snapshot { $snapshot }.
methods-table-title = Indicators in this edition
methods-table-subtitle = Formula and source of each
column-id = Id
column-indicator = Indicator
column-formula = Formula
column-source = Source

# Glossary
glossary-title = Words and marks used in this pack
marks-title = Marks
marks-subtitle = A mark in brackets stands in the place of a number or beside it
column-mark = Mark
column-welsh = Cymraeg
column-english = English
column-meaning = Meaning
mark-b = break in series
mark-c = confidential, suppressed
mark-e = estimated
mark-f = forecast
mark-low = rounds to zero but is not zero
mark-p = provisional
mark-r = revised
mark-u = low reliability
mark-w = none recorded in survey
mark-x = not available
mark-z = not applicable
glossary-table-title = Words
glossary-table-subtitle = Terms in both languages
term-iacw = Innovation Advisory Council for Wales
term-iacw-meaning = The council that receives this pack every quarter.
term-wwv = West Wales and the Valleys
term-wwv-meaning = Fifteen local authorities in the west and the valleys of Wales.
term-ew = East Wales
term-ew-meaning = The other seven local authorities of Wales.
term-sme = SME, small or medium-sized enterprise
term-sme-meaning = Fewer than 250 full-time workers, and turnover or balance sheet under the limits.
term-diagnostic = Industry 4.0 diagnostic
term-diagnostic-meaning = A visit that scores a firm on 21 components and ends in a report.
term-blue-line = blue line
term-blue-line-meaning = The current level of each component.
term-red-line = red line
term-red-line-meaning = The level that a firm aims for.
term-voucher = Innovation Voucher
term-voucher-meaning = A grant towards an innovation project.
term-gva = GVA, gross value added
term-gva-meaning = The value of what is produced less what is used up in producing it.
term-gva-hour = GVA per hour worked
term-gva-hour-meaning = The usual measure of productivity.
term-profile = profile
term-profile-meaning = How much should be reached by the end of each quarter.

# Mail
mail-other-language = Cymraeg isod
mail-other-language-above = Cymraeg uchod
mail-lead = Manumix monitoring, { $quarter }.
mail-status-provisional = Provisional.
mail-status-final = Final.
mail-illustrative = Illustrative figures.
mail-data-as-at = Data as at { $date }.
mail-attachments = Attachments
mail-attachment-pdf =
    { $pages ->
        [1] Full report, PDF, one page
       *[other] Full report, PDF, { $pages_text } pages
    }
mail-attachment-ods = Tables, ODS
mail-attachment-data = Data and metadata, CSV and JSON
mail-contact = Contact
mail-contact-link = Write to the monitoring team

# Workbook
workbook-cover = Cover
workbook-contents = Contents
workbook-notes = Notes
workbook-contents-title = Contents
workbook-contents-count = This sheet holds one table, with a row for each sheet that follows.
workbook-notes-title = Notes
workbook-notes-count = This sheet holds one table of notes.
workbook-one-table = This sheet holds one table.
workbook-see-notes = Notes are on the sheet “Notes”. Marks stand in the columns headed Status.
workbook-column-sheet = Sheet
workbook-column-title = Title
workbook-column-note = Note
workbook-column-text = Text
workbook-status-of = Status: { $column }
workbook-note-marks = Meaning of the mark { $mark }: { $meaning }.
workbook-no-mark = none
