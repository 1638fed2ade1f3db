import asyncio

from mlsensor import PersonSensorAsync


async def main() -> None:
    async with PersonSensorAsync() as sensor:
        await sensor.wait_for_facing()
        print("hello")
        async for faces in sensor.stream():
            print(faces.count)


asyncio.run(main())
