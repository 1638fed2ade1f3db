//! Enumerations without data: classes of `mlsensor._enums`.

use crate::enums::python_enum;

python_enum!(Outcome: mlsensor::behavior::Outcome { PRESENT = Present, ABSENT = Absent, UNKNOWN = Unknown });
python_enum!(Mount: mlsensor::behavior::Mount { ON_THE_HEAD = OnTheHead, FIXED = Fixed });
python_enum!(Sense: mlsensor::behavior::Sense { NORMAL = Normal, REVERSED = Reversed });
python_enum!(Lock: mlsensor::behavior::Lock { SEARCHING = Searching, LOCKED = Locked, COASTING = Coasting });
