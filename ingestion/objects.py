"""What the objects of every API have in common."""

from pydantic import BaseModel, ConfigDict


class ApiObject(BaseModel):
    """An object of an API's answer.

    Unknown fields are ignored, so that an addition never breaks a run. The length limit also
    makes a text that is no valid Unicode (half a surrogate pair) an error of its item.
    """

    model_config = ConfigDict(
        extra="ignore", frozen=True, allow_inf_nan=False, str_max_length=100_000
    )
