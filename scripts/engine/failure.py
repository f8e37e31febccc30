"""What ends the bootstrap early."""


class Failure(Exception):
    """A sentence for the person at the terminal: what failed, and what to do."""


class Interrupted(BaseException):
    """A signal asked the bootstrap to stop.

    Not an Exception, so that nothing on the way takes it for a failure of its own.
    """

    def __init__(self, signal_number):
        super().__init__(signal_number)
        self.signal_number = signal_number
