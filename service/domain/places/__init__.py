"""Places: one name, or one of many spellings, to one code, with the country ISO 3166 gives it.

`gazetteer()` is the way in. The data lies in service/domain/data; docs/data.md tells where it is from.
"""

from service.domain.places.folding import fold
from service.domain.places.gazetteer import Gazetteer, gazetteer
from service.domain.places.records import PlaceRecord

__all__ = ["Gazetteer", "PlaceRecord", "fold", "gazetteer"]
