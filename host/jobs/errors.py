"""What can go wrong with the engine.

JobsError
|- UnknownWorkflow  we did wrong: started before it was registered
|- StepsChanged     we did wrong: a workflow took another way than in its life before, or keeps what it may not
`- EngineDown       the engine's database could not be reached or prepared
"""

from __future__ import annotations


class JobsError(Exception):
    pass


class UnknownWorkflow(JobsError):
    pass


class StepsChanged(JobsError):
    pass


class EngineDown(JobsError):
    pass
