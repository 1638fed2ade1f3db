from mlsensor import PresencePin

with PresencePin("GPIO27") as pin:
    while True:
        pin.wait_for_presence()
        print("somebody")
        pin.wait_for_absence()
        print("nobody")
