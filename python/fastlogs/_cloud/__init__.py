"""Objects in `s3://`, `gs://`, `az://` and `https://`: found by their names, read in ranges, with the extra `cloud`."""

from fastlogs._cloud.find import Site, beside, is_url, look
from fastlogs._cloud.object import Gathered, Object, side_by_side
from fastlogs._cloud.open import opened

__all__ = ["Gathered", "Object", "Site", "beside", "is_url", "look", "opened", "side_by_side"]
