from mlsensor import PersonSensor

with PersonSensor() as sensor:
    for faces in sensor:  # one fresh reading each
        print(faces.count, any(face.is_facing for face in faces))
