"""The floor: DataFusion copies delimited text to zstd Parquet, every column text, nothing checked.

datafusion_copy.py EXTRACT FOLDER [--threads N]

The extract must be an even one (generate.py --even): one line with a cell too many fails the whole file.
"""

import argparse
import json
import pathlib

import datafusion

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("extract", type=pathlib.Path)
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--threads", type=int, default=2)
chosen = parser.parse_args()
chosen.folder.mkdir(parents=True, exist_ok=True)
with open(chosen.extract, encoding="utf-8") as extract:
    columns = ", ".join(f"{name} varchar" for name in extract.readline().strip().split(","))
session = datafusion.SessionContext(datafusion.SessionConfig().with_target_partitions(chosen.threads))
session.sql(
    f"create external table extract ({columns}) stored as csv location '{chosen.extract}' "
    "options ('format.has_header' 'true', 'format.newlines_in_values' 'true')"
)
copied = session.sql(
    f"copy extract to '{chosen.folder}/copy.parquet' stored as parquet options ('format.compression' 'zstd(1)')"
).to_pydict()
print(json.dumps({"rows": copied["count"][0]}))
