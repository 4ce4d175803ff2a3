from enum import IntEnum


class ErrorCode(IntEnum):
    """What went wrong, as ``damm_status`` in ``damm.h`` counts it."""

    OUT_OF_RANGE = 1
    TOO_MANY_TICKS = 2
    NO_TICKS = 3
    POSITION_OUTSIDE = 4
    NULL = 5
    INVALID = 6
    FAILED = 7


class DammError(ValueError):
    """A value that was refused; nothing was written or changed.

    Attributes
    ----------
    code : ErrorCode
        The kind of refusal.
    text : str
        One sentence: what was given and what is allowed.

    Examples
    --------
    >>> import damm
    >>> try:
    ...     damm.Curve(price=-1.0, relative_sigma=0.01, reserve_a=1000.0, reserve_b=10.0)
    ... except damm.DammError as error:
    ...     error.code
    <ErrorCode.OUT_OF_RANGE: 1>
    """

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = ErrorCode(code)
        self.text = text

    def __str__(self) -> str:
        return self.text
