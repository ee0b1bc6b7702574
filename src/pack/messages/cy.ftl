### Y pecyn yn Gymraeg. Mae brawddeg sydd â rhif ynddi yn un neges. Dywed sylwadau’r grwpiau a gafodd y testun ei adolygu.

## draft

# Clawr, pennyn, troedyn
pack-name = Monitro Manumix
document-title = Monitro Manumix: { $quarter } ({ $status })
council = Cyngor Cynghorol Cymru ar Arloesi
quarter-long = Chwarter { $number }, { $year }
quarter-header = { $quarter } ({ $months })
months-1 = Ebrill i Fehefin { $year }
months-2 = Gorffennaf i Fedi { $year }
months-3 = Hydref i Ragfyr { $year }
months-4 = Ionawr i Fawrth { $year }
month-1 = Ionawr
month-2 = Chwefror
month-3 = Mawrth
month-4 = Ebrill
month-5 = Mai
month-6 = Mehefin
month-7 = Gorffennaf
month-8 = Awst
month-9 = Medi
month-10 = Hydref
month-11 = Tachwedd
month-12 = Rhagfyr
word-provisional = dros dro
word-final = terfynol
status-box-provisional = Dros dro [p]
status-box-final = Terfynol
remark-illustrative = Ffigurau enghreifftiol
fact-status = Statws
fact-provisional = Dros dro [p].
fact-final = Terfynol.
fact-illustrative = Ffigurau enghreifftiol.
fact-rehearsal = Ymarfer: lluniwyd gyda chloc wedi’i osod.
fact-as-of = Data ar
fact-edition = Rhifyn
fact-edition-value = { $edition }, fersiwn { $version }, ciplun { $snapshot }
fact-marking = Marc diogelwch
fact-marking-value = Swyddogol
fact-owner = Perchennog
fact-owner-value = Arloesi, Llywodraeth Cymru
welcome = Rydym yn croesawu gohebiaeth yn Gymraeg. Byddwn yn ateb yn Gymraeg, ac ni fydd hynny’n arwain at oedi.
footer = Cyngor Cynghorol Cymru ar Arloesi. Data ar { $date }. Rhifyn { $edition }, fersiwn { $version }
page-of = Tudalen { $page } o { $pages }
not-available = Ddim ar gael yn y rhifyn hwn [x].

# Geiriau statws
status-on-track = Ar y trywydd iawn
status-at-risk = Mewn perygl
status-off-track = Oddi ar y trywydd
status-no-target = Dim targed

# Adrannau
section-headlines = Prif ffigurau
section-status = Statws yn erbyn y cynllun
section-diagnostics = Cam gweithredu 1: asesiadau diagnostig
section-maturity = Cam gweithredu 2: aeddfedrwydd a gwerthuso
section-instruments = Cam gweithredu 3: offerynnau
section-productivity = Cyd-destun cynhyrchiant
section-quality = Datganiad ansawdd data
section-methods = Dulliau a pharamedrau
section-glossary = Geirfa a marciau

# Prif ffigurau
headlines-title =
    { $on ->
        [0] Nid yw’r un o’r { $all_text } mesur sydd â chynllun ar y trywydd iawn
        [1] { $all ->
                [1] Mae’r unig fesur sydd â chynllun ar y trywydd iawn
               *[other] Mae un o’r { $all_text } mesur sydd â chynllun ar y trywydd iawn
            }
       *[other] Mae { $on_text } o’r { $all_text } mesur sydd â chynllun ar y trywydd iawn
    }
headlines-title-no-targets = Yr hyn y mae’r rhaglen wedi’i gyflawni hyd yma
headlines-note = Mae’r llinellau’n dangos yr wyth chwarter diwethaf (pob blwyddyn ar gyfer GYG fesul awr). Llinell doredig a diemwnt: targed neu broffil hyd yma. Ar y trywydd iawn: { $on_track }% o’r proffil neu fwy; Mewn perygl: { $at_risk }% i { $on_track }%; Oddi ar y trywydd: llai na { $at_risk }%.
note-count-rounding = Mae cyfrifon wedi’u talgrynnu i’r { $base } agosaf, felly efallai na fydd y ffigurau’n adio.
name-d01 = { $short }
name-d02 = { $short }, asesiadau diagnostig
name-m02 = { $short }
name-d06-approved = { $short }
name-d06-committed = Grant a ymrwymwyd i dalebau
name-o01 = { $short }
name-o03 = { $short }
name-g06 = GYG fesul awr, Gorllewin Cymru a’r Cymoedd
unit-smes =
    { $count ->
       *[other] BBaCh
    }
unit-enterprises =
    { $count ->
       *[other] menter
    }
unit-vouchers =
    { $count ->
       *[other] taleb
    }
unit-of-distance = o’r pellter
unit-of-budget = o’r gyllideb
unit-gbp = £
unit-per-cent = %
unit-people = o bobl
unit-fte = CALl
unit-jobs = o swyddi
unit-patents = o batentau
unit-projects = o brosiectau
unit-actions = o gamau
unit-plans = o gynlluniau
unit-gbp-million = £ miliwn
unit-eur = €
unit-per-cent-a-year = % y flwyddyn
unit-levels = lefelau
unit-gbp-per-hour = £ yr awr
unit-gbp-per-job = £ fesul swydd
unit-gbp-per-fte = £ fesul gweithiwr CALl
unit-gbp-per-person = £ y pen
unit-index-uk-100 = y DU = 100
unit-points = pwyntiau
unit-log-points = pwyntiau logarithmig
unit-ratio = cymhareb
unit-score = sgôr, 0 i 100
unit-days = diwrnodau
unit-minutes = munudau
spark-alt = Siart linell o “{ $name }”, y ffigurau diweddaraf; y mwyaf newydd yw { $value }.
target-profile = Proffil { $profile }
target-level = Targed { $target }
target-final = Targed { $target } yn y pen draw
target-annual = Blynyddol (SYG), { $year }
change-quarter = { $change } ar y chwarter
change-year = { $change } ar y flwyddyn
change-quarter-points = { $change } pwynt ar y chwarter
change-year-points = { $change } pwynt ar y flwyddyn
change-since-year-points = { $change } pwynt ar { $year }
sentence-d01 = O’r rhain, mae { $wwv } yng Ngorllewin Cymru a’r Cymoedd.
sentence-d01-plain = Caiff pob BBaCh ei gyfrif unwaith, adeg ei asesiad cyntaf.
sentence-d02 = Gwariwyd { $spend } o { $budget } ar asesiadau, gan gynnwys TAW.
sentence-d02-plain = Gwariant ar asesiadau diagnostig fel cyfran o’r gyllideb.
sentence-m02-plain = Cynnydd cwmnïau a aseswyd ddwywaith tuag at eu lefelau targed.
sentence-d06-approved = Cymeradwywyd { $quarter } y chwarter hwn.
sentence-d06-approved-plain = Pob cynllun gyda’i gilydd, yn ôl dyddiad y penderfyniad.
sentence-d06-committed = Derbyniwyd { $quarter } gan gwmnïau y chwarter hwn.
sentence-d06-committed-plain = Pob cynllun gyda’i gilydd, yn ôl dyddiad derbyn.
sentence-o01 = Cafodd { $quarter } gymorth y chwarter hwn; unwaith y cyfrifir pob un yn y cyfanswm.
sentence-o01-plain = Cyfrifir pob un unwaith, waeth sawl math o gymorth a gafodd.
sentence-o03 = Cadarnhawyd canlyniad o’r fath i { $quarter } y chwarter hwn.
sentence-o03-plain = Canlyniadau y mae’r rhaglen wedi’u cadarnhau.
sentence-g06-up = I fyny o { $before } yn { $year }; mae’r DU yn 100.
sentence-g06-down = I lawr o { $before } yn { $year }; mae’r DU yn 100.
sentence-g06-same = Yr un fath â { $before } yn { $year }; mae’r DU yn 100.
sentence-g06-plain = Cynnyrch fesul awr a weithiwyd o’i gymharu â’r DU.

# Statws yn erbyn y cynllun
status-title = Sut mae pob mesur yn sefyll yn erbyn ei gynllun
status-standfirst = Pellaf ar ôl: { $name }, sef { $share } o’r hyn a gynlluniwyd hyd yma.
status-table-title = Yr hyn a gyflawnwyd ac a gynlluniwyd hyd yma
status-table-subtitle = Cymru, o fis Ionawr 2019 hyd ddiwedd { $quarter }
status-note = [z] ddim yn berthnasol: nid oes cynllun wedi’i osod. Mae cyllideb ar y trywydd iawn o fewn yr un pellter uwchlaw neu islaw ei phroffil. Cyfrifir cyfrannau cyn talgrynnu.
column-measure = Mesur
column-action = Cam
column-unit = Uned
column-to-date = Hyd yma
column-due = Cynlluniwyd
column-share-of-plan = % o’r cynllun
column-status = Statws

# Asesiadau diagnostig
diagnostics-title = Mae { $value } o { $target } BBaCh wedi cael asesiad diagnostig
diagnostics-title-no-target = Mae { $value } BBaCh wedi cael asesiad diagnostig
diagnostics-title-none = BBaChau sydd wedi cael asesiad diagnostig
diagnostics-chart-title = Cyflawnwyd { $share } o’r asesiadau a gynlluniwyd hyd yma
diagnostics-chart-title-plain = Asesiadau diagnostig hyd yma, fesul chwarter
diagnostics-chart-subtitle = BBaChau ag adroddiad asesiad diagnostig, cronnus, Cymru, { $from } i { $to }
diagnostics-chart-alt = Siart linell o BBaChau ag adroddiad asesiad diagnostig, cronnus, Cymru, { $from } i { $to }. Cyrhaeddwyd { $value } a chynlluniwyd { $profile }. Mae tabl yn dilyn.
diagnostics-chart-alt-no-profile = Siart linell o BBaChau ag adroddiad asesiad diagnostig, cronnus, Cymru, { $from } i { $to }. Cyrhaeddwyd { $value }. Mae tabl yn dilyn.
visits-on-site = ymweliadau ar y safle
visits-remote = ymweliadau o bell [b]
word-achieved = cyflawnwyd
word-profile = proffil
row-achieved = Cyflawnwyd
row-profile = Proffil
row-share-of-profile = % o’r proffil
note-break-remote = [b] toriad yn y gyfres amser: ymweliadau o bell o 1 Ebrill 2020.
authority-chart-title = Roedd { $wwv } o’r { $total } asesiad yng Ngorllewin Cymru a’r Cymoedd
authority-chart-subtitle = BBaChau ag adroddiad asesiad diagnostig yn ôl awdurdod lleol, hyd ddiwedd { $quarter }
authority-chart-alt = Siart bar o BBaChau ag adroddiad asesiad diagnostig yn ôl awdurdod lleol, Cymru, hyd ddiwedd { $quarter }. Roedd { $wwv } o { $total } yng Ngorllewin Cymru a’r Cymoedd; y cyntaf yn y drefn yw { $first }, sef { $value }. Mae tabl yn dilyn.
key-area = { $area }, { $value }
note-confidential = [c] gwybodaeth gyfrinachol: ni ellir ei chyhoeddi.
column-authority = Ardal
column-code = Cod
column-region = Rhanbarth
column-smes = BBaChau

# Aeddfedrwydd
maturity-title = Pellaf o’r targed: { $first }; { $second }
maturity-title-none = Lefelau’r 21 cydran
maturity-chart-title = Mae cwmnïau { $mean } lefel islaw’r targed ar gyfartaledd ar draws { $count } cydran
maturity-chart-title-plain = Lefelau presennol a tharged yn ôl cydran
maturity-chart-subtitle = Lefel gymedrig, asesiad cyntaf, 0 (heb ddechrau) i 5 (ar y blaen), Cymru, hyd { $quarter }. Pellter mwyaf yn gyntaf
maturity-chart-alt = Siart dymbel o lefel gymedrig bresennol a tharged yn ôl cydran, Cymru, hyd { $quarter }. Mae’r pellter fwyaf yn achos { $first }, { $widest } lefel, a lleiaf yn achos { $last }, { $narrowest } lefel. Mae tabl yn dilyn.
maturity-chart-alt-plain = Siart dymbel o lefel gymedrig bresennol a tharged yn ôl cydran, Cymru, hyd { $quarter }. Mae tabl yn dilyn.
maturity-note = Hepgorir cydrannau nad ydynt yn berthnasol i gwmni. Cyfrifir y pellter cyn talgrynnu.
maturity-table-title = Lefelau’r cydrannau ar ffurf tabl
key-blue-line = lefel bresennol (llinell las)
key-red-line = lefel darged (llinell goch)
head-current = presennol
head-target = targed
head-distance = pellter
column-component = Cydran
column-group = Grŵp
column-current = Presennol
column-target = Targed
column-distance = Pellter
row-all-components = Pob cydran
row-simple-mean = Cymedr syml
gap-sentence = Mae cwmnïau a aseswyd ddwywaith wedi cau { $value } o’r pellter o’r llinell las i’r llinell goch.
gap-sentence-none = Ni ellir dangos ar gyfer Cymru gyfran y pellter y mae cwmnïau a aseswyd ddwywaith wedi’i chau.
gap-table-title = Y pellter a gaewyd gan gwmnïau a aseswyd ddwywaith
gap-table-subtitle = Cyfran y pellter o’r llinell las i’r llinell goch sydd wedi’i chau, hyd { $quarter }
gap-note = Cymherir cwmnïau a aseswyd ddwywaith drwy’r un dull yn unig. Gall y gyfran fod yn negatif neu’n uwch na 100%.
column-area = Ardal
column-gap-closed = Caewyd

# Offerynnau
instruments-title = Mae gan { $share } o’r cwmnïau â chynllun gweithredu daleb a gymeradwywyd
instruments-title-none = O’r asesiad i’r daleb i’r canlyniad
funnel-chart-title-1 = Collir y gyfran fwyaf rhwng yr asesiad a’r cynllun gweithredu
funnel-chart-title-2 = Collir y gyfran fwyaf rhwng y cynllun a’r daleb
funnel-chart-title-3 = Collir y gyfran fwyaf rhwng y daleb a’r prosiect
funnel-chart-title-plain = Cwmnïau a gyrhaeddodd bob cam
funnel-chart-subtitle = BBaChau a gyrhaeddodd bob cam erbyn { $date }, pob carfan ers Ionawr 2019, Cymru
funnel-chart-alt = Siart bar o BBaChau a gyrhaeddodd bob cam, Cymru, erbyn { $date }. Cafodd { $first } asesiad diagnostig, { $voucher } daleb a gymeradwywyd a { $last } ganlyniad. Mae tabl yn dilyn.
funnel-share-head = cyfran o’r cam blaenorol
funnel-note = Cyfrifir cam dim ond os yw ei ddyddiad ar ddyddiad y cam blaenorol neu wedi hynny. Mae carfannau diweddar wedi cael llai o amser.
stage-diagnostic = Adroddiad asesiad
stage-action-plan = Cynllun gweithredu
stage-voucher = Taleb wedi’i chymeradwyo
stage-started = Prosiect wedi dechrau
stage-completed = Prosiect wedi’i gwblhau
stage-outcome = Canlyniad ymchwil
column-stage = Cam
column-wwv = Gorllewin Cymru a’r Cymoedd
column-ew = Dwyrain Cymru
column-wales = Cymru
column-share-before = Cyfran o’r cam blaenorol
vouchers-table-title = Cymeradwywyd { $value } o dalebau
vouchers-table-subtitle = Talebau a gymeradwywyd a grant a ymrwymwyd (£) yn ôl cynllun, hyd ddiwedd { $quarter }
vouchers-note = GCC yw Gorllewin Cymru a’r Cymoedd. Cymeradwywyd yn ôl dyddiad y penderfyniad, ymrwymwyd yn ôl dyddiad derbyn.
column-scheme = Cynllun
column-vouchers-wwv = Talebau, GCC
column-vouchers-ew = Talebau, Dwyrain Cymru
column-vouchers-wales = Talebau, Cymru
column-grant-wwv = Grant £, GCC
column-grant-ew = Grant £, Dwyrain Cymru
column-grant-wales = Grant £, Cymru
scheme-iv = Taleb Arloesi
scheme-iv-plus = Taleb Arloesi Plws
scheme-smart-cymru = SMART Cymru
row-all-schemes = Pob cynllun

# Cynhyrchiant
productivity-title = Roedd cynnyrch fesul awr Gorllewin Cymru a’r Cymoedd yn { $value }% o lefel y DU yn { $year }
productivity-title-none = Cynhyrchiant y rhanbarthau
productivity-standfirst = Ystadegau swyddogol ar gyfer rhanbarthau cyfan, fel cyd-destun. Nid ydynt yn mesur effaith y rhaglen.
productivity-chart-title = Gorllewin Cymru a’r Cymoedd: { $first } yn { $from }, { $last } yn { $to }
productivity-chart-subtitle = GYG fesul awr a weithiwyd, prisiau cyfredol, y DU = 100, { $from } i { $to }. Mae’r raddfa’n dechrau ar { $scale }
productivity-chart-alt = Siart linell o GYG fesul awr a weithiwyd, y DU = 100, yn ôl rhanbarth, { $from } i { $to }. Symudodd Gorllewin Cymru a’r Cymoedd o { $first } i { $last }; gorffennodd Dwyrain Cymru ar { $east }. Mae tabl yn dilyn.
productivity-note = Talgrynnir ffigurau unwaith, i’r degolion a ddangosir. Nid yw prisiau’n amrywio yn ôl rhanbarth yn yr ystadegau hyn.
table-title-g06-hour = GYG fesul awr a weithiwyd, y DU = 100
table-subtitle-g06-hour = Mynegai, prisiau cyfredol
table-title-g06-job = GYG fesul swydd wedi’i llenwi, y DU = 100
table-subtitle-g06-job = Mynegai, prisiau cyfredol
table-title-g09 = Bwlch â’r DU mewn GYG fesul awr a weithiwyd
table-subtitle-g09 = Pwyntiau mynegai islaw’r DU, wedi’u cyfrifo cyn talgrynnu
table-title-g03 = GYG fesul awr a weithiwyd
table-subtitle-g03 = £ yr awr, prisiau cyfredol
table-title-g04 = GYG fesul swydd wedi’i llenwi
table-subtitle-g04 = £ y swydd, prisiau cyfredol
source-vintage = Ffynhonnell: SYG, { $vintage }.
source-line = Ffynhonnell: { $source }, ciplun { $snapshot }.
source-snapshot = Ffynhonnell: ciplun { $snapshot }.

# Ansawdd
quality-title = Gwrthodwyd { $share } o’r rhesi a ddanfonwyd
quality-title-clean = Ni wrthodwyd yr un rhes a ddanfonwyd
quality-standfirst =
    { $rows ->
        [0] Derbyniwyd pob rhes a ddanfonwyd
        [1] Gwrthodwyd un rhes, sy’n aros i’w thrwsio
       *[other] Gwrthodwyd { $rows_text } o resi, sy’n aros i’w trwsio
    }; { $files ->
        [0] ni wrthodwyd yr un ffeil gyfan.
        [1] gwrthodwyd un ffeil gyfan.
       *[other] gwrthodwyd { $files_text } o ffeiliau cyfan.
    }
quality-table-title = Rhesi a ddanfonwyd, a dderbyniwyd ac a wrthodwyd
quality-table-subtitle = Pob echdyniad yng nghiplun { $snapshot }, data ar { $date }
quality-note = Mae’r rhesi a dderbyniwyd ac a wrthodwyd yn adio i’r rhesi a ddanfonwyd. Mae rhesi a drwsiwyd ymhlith y rhai a dderbyniwyd.
column-dataset = Set ddata
column-rows-in = Rhesi
column-accepted = Derbyniwyd
column-repaired = Trwsiwyd
column-quarantined = Gwrthodwyd
column-quarantined-share = % gwrthodwyd
column-refused-files = Ffeiliau a wrthodwyd
row-all-datasets = Pob set ddata
suppression-sentence =
    { $count ->
        [0] Nid oes yr un o’r { $cells } cell yn y rhifyn hwn yn gyfrinachol.
        [1] Mae un o’r { $cells } cell yn y rhifyn hwn yn gyfrinachol [c].
       *[other] Mae { $hidden } o’r { $cells } cell yn y rhifyn hwn yn gyfrinachol [c].
    }
breaks-title = Toriadau yn y cyfresi yn y rhifyn hwn
breaks-subtitle = Marcir [b] lle bynnag y mae’r gyfres yn ymddangos
column-from = O
column-break = Toriad
column-how-to-read = Sut i’w ddarllen
break-remote = Ymweliadau diagnostig o bell
break-remote-reading = Gall lefelau a sgoriwyd o bell fod yn wahanol i’r rhai a sgoriwyd ar y safle.

# Dulliau
methods-title = Sut y llunnir y ffigurau
methods-period = Mae ffigurau hyd yma yn rhedeg o 1 Ionawr 2019 hyd ddiwedd y chwarter. Chwarteri’r flwyddyn ariannol a ddefnyddir, sy’n dechrau ar 1 Ebrill. Cyfrifir asesiadau diagnostig lle digwyddodd yr ymweliad, a phopeth arall lle mae’r cwmni wedi’i gofrestru.
methods-status = Cymherir ffigur â’i broffil hyd yma: Ar y trywydd iawn o { $on_track }%, Mewn perygl o { $at_risk }%, Oddi ar y trywydd islaw hynny. Nid yw meincnod byth yn rhoi statws.
methods-disclosure = Rhoddir [c] yn lle ffigurau a allai ddatgelu’r hyn a ddywedodd cwmni neu grŵp o gwmnïau wrthym yn gyfrinachol, ynghyd â chynifer o rai eraill ag sydd eu hangen fel na ellir cyfrifo’r un ohonynt o’r cyfansymiau.
methods-rounding = Talgrynnir cyfrifon i’r { $base } agosaf ac arian mewn tablau i’r { $money } agosaf. Talgrynnir cyfansymiau ar wahân, felly efallai na fydd y ffigurau’n adio. Daw canrannau a newidiadau o ffigurau heb eu talgrynnu. Talgrynnir haneri i ffwrdd o sero.
methods-rounding-ladder = Talgrynnir cyfrifon i gamau sy’n tyfu gyda’u maint, ac arian mewn tablau i’r { $money } agosaf. Talgrynnir cyfansymiau ar wahân, felly efallai na fydd y ffigurau’n adio. Mae [low] yn nodi ffigur sy’n talgrynnu i sero ond nad yw’n sero. Talgrynnir haneri i ffwrdd o sero.
methods-rounding-none = Talgrynnir ffigurau unwaith, wrth eu hargraffu. Daw canrannau a newidiadau o ffigurau heb eu talgrynnu. Talgrynnir haneri i ffwrdd o sero.
methods-version = Lluniwyd gan mesur { $version } o giplun { $snapshot }.
methods-table-title = Dangosyddion yn y rhifyn hwn
methods-table-subtitle = Fformiwla a ffynhonnell pob un
column-id = Id
column-indicator = Dangosydd
column-formula = Fformiwla
column-source = Ffynhonnell

# Geirfa
glossary-title = Geiriau a marciau a ddefnyddir yn y pecyn hwn
marks-title = Marciau
marks-subtitle = Saif marc mewn cromfachau yn lle rhif neu wrth ei ochr
column-mark = Marc
column-welsh = Cymraeg
column-english = English
column-meaning = Ystyr
mark-b = toriad yn y gyfres amser
mark-c = gwybodaeth gyfrinachol
mark-e = amcangyfrifedig
mark-f = rhagolwg
mark-low = ffigur isel
mark-p = dros dro
mark-r = wedi’i ddiwygio
mark-u = dibynadwyedd isel
mark-w = dim wedi’i gofnodi yn yr arolwg
mark-x = ddim ar gael
mark-z = ddim yn berthnasol
glossary-table-title = Geiriau
glossary-table-subtitle = Termau yn y ddwy iaith
term-iacw = Cyngor Cynghorol Cymru ar Arloesi
term-iacw-meaning = Y cyngor sy’n derbyn y pecyn hwn bob chwarter.
term-wwv = Gorllewin Cymru a’r Cymoedd
term-wwv-meaning = Pymtheg awdurdod lleol yng ngorllewin a chymoedd Cymru.
term-ew = Dwyrain Cymru
term-ew-meaning = Saith awdurdod lleol arall Cymru.
term-sme = BBaCh, busnes bach neu ganolig
term-sme-meaning = Llai na 250 o weithwyr llawnamser, a throsiant neu fantolen islaw’r terfynau.
term-diagnostic = asesiad diagnostig Diwydiant 4.0
term-diagnostic-meaning = Ymweliad sy’n sgorio cwmni ar 21 cydran ac sy’n arwain at adroddiad.
term-blue-line = llinell las
term-blue-line-meaning = Lefel bresennol pob cydran.
term-red-line = llinell goch
term-red-line-meaning = Y lefel y mae cwmni’n anelu ati.
term-voucher = Taleb Arloesi
term-voucher-meaning = Grant tuag at brosiect arloesi.
term-gva = GYG, gwerth ychwanegol gros
term-gva-meaning = Gwerth yr hyn a gynhyrchir llai’r hyn a ddefnyddir i’w gynhyrchu.
term-gva-hour = GYG fesul awr a weithiwyd
term-gva-hour-meaning = Y mesur arferol o gynhyrchiant.
term-profile = proffil
term-profile-meaning = Faint y dylid ei gyflawni erbyn diwedd pob chwarter.

# E-bost
mail-other-language = English below
mail-other-language-above = English above
mail-lead = Monitro Manumix, { $quarter }.
mail-status-provisional = Dros dro.
mail-status-final = Terfynol.
mail-illustrative = Ffigurau enghreifftiol.
mail-data-as-at = Data ar { $date }.
mail-attachments = Atodiadau
mail-attachment-pdf =
    { $pages ->
        [1] Adroddiad llawn, PDF, un dudalen
       *[other] Adroddiad llawn, PDF, { $pages_text } tudalen
    }
mail-attachment-ods = Tablau, ODS
mail-attachment-data = Data a metadata, CSV a JSON
mail-contact = Cysylltu
mail-contact-link = Anfon neges at y tîm monitro

# Llyfr gwaith
workbook-cover = Clawr
workbook-contents = Cynnwys
workbook-notes = Nodiadau
workbook-contents-title = Cynnwys
workbook-contents-count = Mae un tabl ar y ddalen hon, gyda rhes ar gyfer pob dalen sy’n dilyn.
workbook-notes-title = Nodiadau
workbook-notes-count = Mae un tabl o nodiadau ar y ddalen hon.
workbook-one-table = Mae un tabl ar y ddalen hon.
workbook-see-notes = Mae’r nodiadau ar y ddalen “Nodiadau”. Saif marciau yn y colofnau â’r pennawd Statws.
workbook-column-sheet = Dalen
workbook-column-title = Teitl
workbook-column-note = Nodyn
workbook-column-text = Testun
workbook-status-of = Statws: { $column }
workbook-note-marks = Ystyr y marc { $mark }: { $meaning }.
workbook-no-mark = dim
