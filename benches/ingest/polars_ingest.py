"""The same job in Polars: every check, uniqueness, refused rows with their reasons, accepted rows as zstd Parquet.

polars_ingest.py EXTRACT COMPONENTS FOLDER [--threads N]
"""
