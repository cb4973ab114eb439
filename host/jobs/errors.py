"""What can go wrong with the engine.

JobsError
|- UnknownWorkflow  we did wrong: started before it was registered
|- StepsChanged     we did wrong: a workflow took another way than in its life before, or keeps what it may not
`- StepFailed       a step raised: by its name and the name of what it raised
"""

from __future__ import annotations


class JobsError(Exception):
    pass


class UnknownWorkflow(JobsError):
    pass


class StepsChanged(JobsError):
    pass


class StepFailed(JobsError):
    pass
