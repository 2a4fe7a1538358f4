"""Amazon's SNS as moto plays it, which signs what is published; prints a line of JSON for each answer. It is asked for an
address, or told what to publish, by lines of the standard input."""

import json
import os
import sys

os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="eu-west-1")

import boto3
import moto
import requests

endpoint = sys.argv[1]
with moto.mock_aws():
    sns = boto3.client("sns")
    topic = sns.create_topic(Name="alarms")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=endpoint)
    print(json.dumps(["topic", topic]), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if "url" in asked:
            answer = requests.get(asked["url"])
            told = [answer.status_code, answer.text]
        else:
            told = sns.publish(TopicArn=topic, **asked)["MessageId"]
        print(json.dumps(["told", told]), flush=True)
