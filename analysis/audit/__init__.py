"""The emergence audit: which part of an economy produces which stylised fact, and by what right we say so.

An arm without one mechanism, or without one exogenous shock, is compared with the base arm on the same noise:
paired differences of every fact, 95 % intervals (Student's t over replicas), and the change in the share of
histories inside the fact's band (its pass share). A history in which a fact is not defined counts as a miss
of the band and leaves the pair of the difference; where more than half of the pairs are gone, the fact has
ceased to exist and is judged by the sign test of its passes.

A removal *carries* a fact when the change is a finding (false-discovery rate 5 % over the whole matrix), and
the pass share falls by 20 points, or falls and the mean leaves the band. A removal that carries more than
half of all facts that are met *breaks* the economy rather than explains one of them: it is shown and counts
for no label. Shares of variance (`shares`) stand beside the labels and enter none.

One label per fact, the first that holds:

unmet       fewer than half of the base histories lie in the band: there is nothing to explain.
assumed     its value is typed in (`Facts.assumed`), *and* the fact obeys: raise the parameter by one sampling
            deviation of the fact and at least half of that comes back, interval above 0; a fact that merely
            states an exogenous process must be carried by that process. A claim that fails is dropped.
undecided   no removal carries it, yet some weaken it so much, finding or not: more replicas must tell.
robust      no removal carries or weakens it. It may be overdetermined, or ask for nothing: if random
            decisions meet it too, the reason says so.
mechanical  exactly one removal carries it, a mechanism or a shock: it is that part restated.
driven      exogenous shocks are among several carriers, or it goes when the variance of all shocks is halved
            (`HALVED`), or one of these moves its mean by a sampling deviation, even towards the real value:
            their chosen size decides. The burden of proof is on emergence: in this comparison a shock counts
            by its fall, finding or not.
emergent    two mechanisms or more carry it and no shock does, nor half the variance of all of them: it needs
            the mechanisms together.

What would refute a label: *emergent* falls when a shock turns out to carry or size the fact, or when on
fresh seeds fewer than two mechanisms do; *robust* when any removal carries it; *assumed* when the fact stays
while its parameter moves. `firm` says how often a label returns when an eighth of the replicas is left out.
What the audit cannot see: removals are single, so of two mechanisms that stand in for one another neither
carries anything; and a removal says that a part is needed in this economy, not that it works so in the world.
"""

from analysis.audit.criterion import LABELS, STEP, Audit, Label, examine
from analysis.audit.matrix import HALVED, Matrix, Removal
from analysis.audit.tables import Kept, committed, load, save, text
from analysis.audit.variance import FLOOR, Share, shares, spoken

__all__ = [
    "FLOOR",
    "HALVED",
    "LABELS",
    "STEP",
    "Audit",
    "Kept",
    "Label",
    "Matrix",
    "Removal",
    "Share",
    "committed",
    "examine",
    "load",
    "save",
    "shares",
    "spoken",
    "text",
]
