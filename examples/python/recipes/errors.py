from mlsensor import BusError, NotFoundError, PacketError, PersonSensor

try:
    with PersonSensor() as sensor:
        print("faces:", sensor.read().count)
except NotFoundError as error:  # no such bus, nothing answers, or something else does
    print(error)
except PacketError as error:  # it answered, and bits were lost on the way
    print("refused:", error.rule, "at byte", error.place, "is", error.value)
except BusError as error:  # a transfer failed; errno is what the system calls it
    print("errno", error.errno, "try:", error.run)
