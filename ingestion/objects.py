"""The base class of all API objects."""

from pydantic import BaseModel, ConfigDict


class ApiObject(BaseModel):
    """An object in an API's answer.

    Unknown fields are ignored, so that new fields never break a run. The length limit also rejects
    text that is not valid Unicode (half a surrogate pair).
    """

    model_config = ConfigDict(
        extra="ignore", frozen=True, allow_inf_nan=False, str_max_length=100_000
    )
